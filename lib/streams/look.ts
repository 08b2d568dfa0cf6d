import { and, type DueStream, dueStreams, eq, isNull, lt, newId, or, withTenant } from '@/db';
import { auditStreams } from '@/db/schema';
import { enqueueJob } from '@/lib/jobs';
import type { ActingContext } from '@/lib/tenancy';

/** Kind of the job, and name of its event. */
export const streamDue = 'stream/due';

/** Streams looked up at a time. */
const batch = 500;
/**
 * Seconds until a delivery that never began is asked for again: longer than it queues behind others, so
 * that they do not pile up. One that begins has its own, shorter time.
 */
const claimSeconds = 900;

function ask({ tenantId, streamId }: DueStream): Promise<boolean> {
  const context: ActingContext = {
    tenantId,
    actor: { type: 'system', id: null, name: 'Tenantry' },
    requestId: newId(),
  };
  return withTenant(context, async (tx) => {
    const now = new Date();
    const taken = await tx
      .update(auditStreams)
      .set({ claimedUntil: new Date(now.getTime() + claimSeconds * 1_000) })
      .where(
        and(
          eq(auditStreams.tenantId, tenantId),
          eq(auditStreams.id, streamId),
          or(isNull(auditStreams.claimedUntil), lt(auditStreams.claimedUntil, now)),
        ),
      )
      .returning({ id: auditStreams.id });
    if (taken.length === 0) return false;
    await enqueueJob(tx, context, { kind: streamDue, subjectId: streamId });
    return true;
  });
}

/** Ask for deliveries wherever events wait. @returns how many */
export async function lookForEvents(): Promise<number> {
  let asked = 0;
  for (const due of await dueStreams(batch)) if (await ask(due)) asked += 1;
  return asked;
}
