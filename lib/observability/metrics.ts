import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type Metric,
  Registry,
} from 'prom-client';
import { perProcess } from './shared';

/** One measured value. Labels name kinds of things, never a tenant, a person or an id. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Upper bounds in seconds: pages are a few milliseconds to a second, providers up to half a minute. */
const requestBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const providerBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

function makeMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    /** Endpoints counted so far. */
    endpoints: new Set<string>(),
    requests: new Histogram({
      name: 'tenantry_http_request_duration_seconds',
      help: 'Time to answer a request, by endpoint',
      labelNames: ['endpoint', 'method', 'status'] as const,
      buckets: requestBuckets,
      registers,
    }),
    providerCalls: new Histogram({
      name: 'tenantry_provider_call_duration_seconds',
      help: 'Time a provider took to answer a call',
      labelNames: ['provider', 'outcome'] as const,
      buckets: providerBuckets,
      registers,
    }),
    mails: new Counter({
      name: 'tenantry_mails_total',
      help: 'Mails handed over, by outcome',
      labelNames: ['outcome'] as const,
      registers,
    }),
  };
}

const metrics = () => perProcess('metrics', makeMetrics);

/** Endpoints that are counted apart, several times what there are; each takes memory for good. */
const mostEndpoints = 300;

function countedAs(endpoint: string): string {
  const { endpoints } = metrics();
  if (endpoints.size < mostEndpoints) endpoints.add(endpoint);
  return endpoints.has(endpoint) ? endpoint : 'other';
}

/**
 * Count one answered request.
 * @param endpoint pattern of the endpoint, never an address with ids in it
 */
export function countRequest(
  endpoint: string,
  { method, status, seconds }: { method: string; status: number; seconds: number },
): void {
  metrics().requests.observe(
    { endpoint: countedAs(endpoint), method, status: String(status) },
    seconds,
  );
}

/** Count one call to a provider. */
export function observeProviderCall(
  provider: string,
  { outcome, seconds }: { outcome: string; seconds: number },
): void {
  metrics().providerCalls.observe({ provider, outcome }, seconds);
}

export function countMail(outcome: 'sent' | 'failed'): void {
  metrics().mails.inc({ outcome });
}

/**
 * Publish values that are read when somebody asks for them, such as a queue's depth.
 * @param name Prometheus name; registering it again replaces what was there
 */
export function registerGauge(
  name: string,
  help: string,
  read: () => Promise<readonly Sample[]>,
  labelNames: readonly string[] = [],
): void {
  const { registry } = metrics();
  registry.removeSingleMetric(name);
  new Gauge({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    async collect() {
      this.reset();
      for (const { labels = {}, value } of await read()) this.set(labels, value);
    },
  });
}

/** Durations that have been counted elsewhere already, in seconds. */
export interface CountedDurations {
  readonly labels: Readonly<Record<string, string>>;
  readonly count: number;
  readonly sum: number;
  /** How many are within each bound but not within the one before; one more for the rest. */
  readonly buckets: readonly number[];
}

/**
 * Publish a histogram that is kept where its values arise, since telling it each of them would cost
 * more than measuring them.
 * @param bounds upper bounds of the buckets in seconds, ascending
 */
export function registerHistogram(
  name: string,
  help: string,
  bounds: readonly number[],
  read: () => readonly CountedDurations[],
): void {
  const { registry } = metrics();
  const values = () =>
    read().flatMap(({ labels, count, sum, buckets }) => {
      let within = 0;
      const counts = bounds.map((le, at) => {
        within += buckets[at] ?? 0;
        return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: within };
      });
      return [
        ...counts,
        { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: count },
        { metricName: `${name}_sum`, labels, value: sum },
        { metricName: `${name}_count`, labels, value: count },
      ];
    });
  registry.removeSingleMetric(name);
  const metric = { name, get: async () => ({ name, help, type: 'histogram', values: values() }) };
  registry.registerMetric(metric as unknown as Metric);
}

/** All metrics in Prometheus' text format, with its content type. */
export async function exportMetrics(): Promise<{ readonly contentType: string; body: string }> {
  const { registry } = metrics();
  return { contentType: registry.contentType, body: await registry.metrics() };
}
