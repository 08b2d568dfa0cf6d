import type { TenantContext } from '@/db';
import { sendToBucket } from './bucket';
import type { StreamSettings } from './contract';
import type { SealedEvent, StreamedEvent } from './events';
import { lineOf } from './line';
import { sendSyslog } from './syslog';
import { sendWebhook } from './webhook';

/** Where to, and what it takes to be let in. */
export interface Target {
  readonly settings: StreamSettings;
  /** As `sealSecret` wrote it; empty for syslog. */
  readonly secret: string;
}

/** Events of one delivery, by kind: what a receiver takes in within seconds. */
export const batchOf = { webhook: 100, syslog: 500, bucket: 1_000 } as const;

const padded = (sequence: number) => String(sequence).padStart(12, '0');

/** The part of the name that tells one batch from another. */
function span(events: readonly SealedEvent[]): string {
  const [first, last] = [events[0]?.sequence ?? 0, events.at(-1)?.sequence ?? 0];
  return `${padded(first)}-${padded(last)}`;
}

/** What a webhook is sent: type, time and data, as Standard Webhooks recommends. */
function webhookBody(context: TenantContext, events: readonly StreamedEvent[]): string {
  return JSON.stringify({
    type: 'audit.events',
    timestamp: new Date().toISOString(),
    data: { tenant: context.tenantId, events: events.map((each) => lineOf(context, each)) },
  });
}

/**
 * Send events, in their order; all of them arrive, or the whole is sent again.
 * @param name what the delivery is called: the same events have the same one
 * @throws DeliveryError
 */
async function sendNamed(
  context: TenantContext,
  { settings, secret }: Target,
  name: string,
  events: readonly StreamedEvent[],
): Promise<void> {
  switch (settings.kind) {
    case 'webhook': {
      const body = webhookBody(context, events);
      return sendWebhook({ url: settings.url, secret }, { id: `msg_${name}`, body });
    }
    case 'syslog': {
      const messages = events.map((each) => ({
        sequence: each.sequence ?? 0,
        at: each.event.at,
        action: each.event.action,
        outcome: each.event.outcome,
        body: JSON.stringify(lineOf(context, each)),
      }));
      return sendSyslog(settings, context.tenantId, messages);
    }
    case 'bucket': {
      const lines = events.map((each) => `${JSON.stringify(lineOf(context, each))}\n`);
      const keys = JSON.parse(secret) as { accessKeyId: string; secretAccessKey: string };
      return sendToBucket({ ...settings, ...keys }, name, lines.join(''));
    }
  }
}

/** Send a batch of the record. @throws DeliveryError */
export function sendEvents(
  context: TenantContext,
  target: Target,
  events: readonly SealedEvent[],
): Promise<void> {
  const day = events[0]?.event.at.slice(0, 10).replaceAll('-', '/') ?? '';
  const name =
    target.settings.kind === 'bucket'
      ? `audit/${day}/${span(events)}.jsonl`
      : `${context.tenantId}_${span(events)}`;
  return sendNamed(context, target, name, events);
}

/** Send an event that says of itself that it is a test, and is not on record. @throws DeliveryError */
export function sendTest(
  context: TenantContext,
  target: Target,
  event: StreamedEvent['event'],
): Promise<void> {
  const name = target.settings.kind === 'bucket' ? `test/${event.id}.jsonl` : `test_${event.id}`;
  return sendNamed(context, target, name, [{ sequence: null, event }]);
}
