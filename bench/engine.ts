import { setTimeout as delay } from 'node:timers/promises';
import { resetConnections } from '@/db';
import type { Bench, Report } from './bench';
import { startDatabase } from './database';
import { type Ours, startOurs } from './engine/ours';
import { type Peer, startPeer } from './engine/peer';

/** Side by side, in both engines. */
const CONCURRENCY = 16;

interface Sizes {
  /** Steps, and jobs, per slice; slices of all are interleaved so that noise hits all alike. */
  readonly slice: number;
  readonly rounds: number;
  readonly latencies: number;
}
const fullSize: Sizes = {
  slice: Number(process.env.BENCH_JOBS ?? 2_000),
  rounds: Number(process.env.BENCH_ROUNDS ?? 5),
  latencies: 100,
};
/** For those who are at work on it; its figures are no proof. */
const quickSize: Sizes = { slice: 400, rounds: 2, latencies: 20 };

/** Steps of a run, as in a short automation. */
const STEPS = 10;

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}
const round = (value: number) => Number(value.toFixed(3));

interface Engines {
  readonly peer: Peer;
  readonly ahead: Peer;
  readonly ours: Ours;
}

async function throughput(
  { peer, ahead, ours }: Engines,
  { slice, rounds }: Sizes,
  report: Report,
): Promise<void> {
  const rates = { peer: [] as number[], ahead: [] as number[] };
  const ratios = { sequence: [] as number[], single: [] as number[] };
  for (let at = -1; at < rounds; at += 1) {
    const base = await peer.time(slice);
    const fetched = await ahead.time(slice);
    const sequence = await ours.time(slice / STEPS, STEPS);
    const single = await ours.time(slice, 1);
    // The first round warms up connections, plans and the JIT.
    if (at < 0) continue;
    rates.peer.push((slice / base) * 1_000);
    rates.ahead.push((slice / fetched) * 1_000);
    ratios.sequence.push(base / sequence);
    ratios.single.push(base / single);
  }
  const floor = quantile(rates.peer, 0.5);
  const name = `${CONCURRENCY} side by side`;
  report({ name: `jobs, ${name}: graphile-worker`, value: round(floor), unit: '1/s' });
  report({
    name: `jobs, ${name}: graphile-worker fetching 500 ahead`,
    value: round(quantile(rates.ahead, 0.5)),
    unit: '1/s',
  });
  report({
    name: `steps in runs of ${STEPS}, ${name}: ours to graphile-worker`,
    value: round(quantile(ratios.sequence, 0.5)),
    unit: '×',
    goal: { atLeast: 0.5 },
  });
  report({
    name: `runs of one step, ${name}: ours to graphile-worker`,
    value: round(quantile(ratios.single, 0.5)),
    unit: '×',
  });
}

async function latency(ours: Ours, { latencies }: Sizes, report: Report): Promise<void> {
  const times: number[] = [];
  for (let n = -10; n < latencies; n += 1) {
    const time = await ours.latency();
    if (n >= 0) times.push(time);
    await delay(10);
  }
  report({
    name: 'event to first step, idle, p50',
    value: round(quantile(times, 0.5)),
    unit: 'ms',
  });
  report({
    name: 'event to first step, idle, p95',
    value: round(quantile(times, 0.95)),
    unit: 'ms',
    goal: { atMost: 50 },
  });
}

const bench: Bench = {
  name: 'engine',
  async run(report, { quick }) {
    const sizes = quick ? quickSize : fullSize;
    process.env.DATABASE_POOL = String(CONCURRENCY);
    process.env.LOG_LEVEL = 'warn';
    const database = await startDatabase({ shared_buffers: '512MB', max_connections: '300' });
    const { url, urls } = database;
    await resetConnections(urls);
    const [peer, ahead, ours] = await Promise.all([
      startPeer(urls.owner, { concurrency: CONCURRENCY, localQueue: 0 }),
      startPeer(url, { concurrency: CONCURRENCY, localQueue: 500 }),
      startOurs(CONCURRENCY),
    ]);
    try {
      await throughput({ peer, ahead, ours }, sizes, report);
      await latency(ours, sizes, report);
    } finally {
      await Promise.all([peer.stop(), ahead.stop(), ours.stop()]);
      await resetConnections();
      await database.stop();
    }
  },
};

export default bench;
