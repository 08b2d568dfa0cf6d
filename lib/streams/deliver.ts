import { type AuditStreamId, and, eq, type TenantTransaction, withTenant } from '@/db';
import { auditStreams } from '@/db/schema';
import { logger } from '@/lib/observability';
import type { ActingContext } from '@/lib/tenancy';
import { asDeliveryError, DeliveryError } from './errors';
import { type SealedEvent, sealedEvents } from './events';
import { targetOf } from './secret';
import { batchOf, sendEvents, type Target } from './send';
import { tellFailing, tellRecovered } from './tell';

type Stored = typeof auditStreams.$inferSelect;

/** Batches of one turn, and milliseconds after which none is begun; then others have theirs. */
const batches = 50;
const turnLimit = 60_000;
/** Seconds that a delivery under way keeps others away; renewed with each batch. */
const claimSeconds = 120;
/** Seconds until a second attempt; doubled with each further one, up to the longest. */
const firstPause = 15;
const longestPause = 1_800;
/** Failures in a row, and minutes, from which on people are told. */
const tellAfterFailures = 3;

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000);
const own = ({ tenantId }: ActingContext, id: AuditStreamId) =>
  and(eq(auditStreams.tenantId, tenantId), eq(auditStreams.id, id));

/** Seconds until the attempt after so many failures. */
export const pauseAfter = (failures: number): number =>
  Math.min(firstPause * 2 ** Math.max(failures - 1, 0), longestPause);

interface Turn {
  readonly stream: Stored;
  readonly target: Target;
}

async function locked(
  tx: TenantTransaction,
  context: ActingContext,
  id: AuditStreamId,
): Promise<Stored | null> {
  const [stream] = await tx.select().from(auditStreams).where(own(context, id)).for('update');
  return stream?.state === 'active' ? stream : null;
}

/** The stream as it is now, held for a while; null when it was paused or removed. */
function take(context: ActingContext, id: AuditStreamId): Promise<Turn | null> {
  return withTenant(context, async (tx) => {
    const stream = await locked(tx, context, id);
    if (!stream) return null;
    const claimedUntil = inSeconds(claimSeconds);
    await tx.update(auditStreams).set({ claimedUntil }).where(own(context, id));
    return { stream, target: await targetOf(tx, context, stream) };
  });
}

/** Note what arrived. @returns whether to go on: it was not paused or removed meanwhile */
function arrived(
  context: ActingContext,
  { stream }: Turn,
  events: readonly SealedEvent[],
): Promise<boolean> {
  return withTenant(context, async (tx) => {
    const now = await locked(tx, context, stream.id);
    const last = events.at(-1);
    if (!now || !last || now.position !== stream.position) return false;
    await tx
      .update(auditStreams)
      .set({
        position: last.sequence + 1,
        reachedAt: new Date(last.event.at),
        deliveredAt: new Date(),
        delivered: now.delivered + events.length,
        failures: 0,
        failure: null,
        failingSince: null,
        toldAt: null,
        claimedUntil: inSeconds(claimSeconds),
      })
      .where(own(context, stream.id));
    if (now.toldAt !== null) await tellRecovered(tx, context, now);
    return true;
  });
}

/** Note why it did not arrive, and when to try again; people are told once, when it goes on. */
function failed(context: ActingContext, id: AuditStreamId, why: string): Promise<void> {
  return withTenant(context, async (tx) => {
    const now = await locked(tx, context, id);
    if (!now) return;
    const failures = now.failures + 1;
    const tell = now.toldAt === null && failures >= tellAfterFailures;
    await tx
      .update(auditStreams)
      .set({
        failures,
        failure: why,
        failingSince: now.failingSince ?? new Date(),
        nextAttemptAt: inSeconds(pauseAfter(failures)),
        claimedUntil: null,
        ...(tell ? { toldAt: new Date() } : {}),
      })
      .where(own(context, id));
    if (tell) await tellFailing(tx, context, { ...now, failures }, why);
  });
}

const release = (context: ActingContext, id: AuditStreamId) =>
  withTenant(context, (tx) =>
    tx.update(auditStreams).set({ claimedUntil: null }).where(own(context, id)),
  );

/** Send the next batch. @returns whether there may be more */
async function next(context: ActingContext, id: AuditStreamId): Promise<boolean> {
  const turn = await take(context, id);
  if (!turn) return false;
  const limit = batchOf[turn.target.settings.kind];
  const events = await sealedEvents(context, turn.stream.position, limit);
  if (events.length === 0) return false;
  await sendEvents(context, turn.target, events);
  return (await arrived(context, turn, events)) && events.length === limit;
}

/**
 * Send what waits in a stream, batch by batch, in the record's order. What did not arrive is sent
 * again later, with all that came after it.
 */
export async function deliverStream(context: ActingContext, id: AuditStreamId): Promise<void> {
  const end = performance.now() + turnLimit;
  try {
    for (let at = 0; at < batches && performance.now() < end; at += 1) {
      if (!(await next(context, id))) break;
    }
    await release(context, id);
  } catch (error) {
    const told = error instanceof DeliveryError ? error : asDeliveryError(error);
    logger.warn({ err: error, stream_id: id }, 'Events of a stream did not arrive');
    await failed(context, id, told.message);
  }
}
