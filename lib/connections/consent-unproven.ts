import { and, eq, gt, isNull, ne, type TenantTransaction, tenantDb, withTenant } from '@/db';
import { consentRequests } from '@/db/schema';
import { inngest, type JobEvent, jobContext, noticeForgedContext, patiently } from '@/lib/jobs';
import { withLogContext } from '@/lib/observability';
import type { ActingContext } from '@/lib/tenancy';
import { type Connection, lockConnection } from './find';
import { transition } from './states';

/** Asks to look, once its time is up, what became of the sign-in that was to confirm a consent. */
export const proofAwaited = 'connection/proof-awaited';

const requestOf = ({ tenantId }: ActingContext, id: string) =>
  and(eq(consentRequests.tenantId, tenantId), eq(consentRequests.id, id));

/** When a sign-in has to be finished, in ISO 8601; null when there is nothing to wait for. */
async function endOf(context: ActingContext, id: string): Promise<string | null> {
  const [row] = await tenantDb(context)
    .select({ expiresAt: consentRequests.expiresAt })
    .from(consentRequests)
    .where(requestOf(context, id));
  return row?.expiresAt.toISOString() ?? null;
}

/**
 * A connection whose consent was to be confirmed by a sign-in that nobody has finished in time waits
 * for consent again. One that somebody has begun another sign-in for is left to that.
 * @param requestId of the sign-in
 * @returns whether it was so
 */
export function endUnproven(context: ActingContext, requestId: string): Promise<boolean> {
  return withTenant(context, async (tx) => {
    const [request] = await tx.select().from(consentRequests).where(requestOf(context, requestId));
    if (!request) return false;
    const connection = await lockConnection(tx, context, request.connectionId);
    if (connection.state !== 'verifying') return false;
    if (await othersAreOpen(tx, connection, requestId)) return false;
    const reason = 'The sign-in that confirms the consent was not finished. Please start again.';
    const { changed } = await transition(tx, context, connection.id, {
      type: 'unverified',
      reason,
    });
    return changed;
  });
}

async function othersAreOpen(
  tx: TenantTransaction,
  { tenantId, id }: Connection,
  requestId: string,
): Promise<boolean> {
  const rows = await tx
    .select({ id: consentRequests.id })
    .from(consentRequests)
    .where(
      and(
        eq(consentRequests.tenantId, tenantId),
        eq(consentRequests.connectionId, id),
        ne(consentRequests.id, requestId),
        eq(consentRequests.step, 'sign_in'),
        isNull(consentRequests.usedAt),
        gt(consentRequests.expiresAt, new Date()),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

async function inScope<Result>(
  event: JobEvent,
  work: (context: ActingContext, id: string) => Promise<Result>,
): Promise<Result> {
  const job = await jobContext(event);
  const { tenantId, requestId } = job.context;
  return withLogContext({ tenantId, requestId }, () =>
    noticeForgedContext(job, () => work(job.context, job.subjectId)),
  );
}

/** Ends what an administrator has left between the two pages of a consent. */
export const unprovenConsent = inngest.createFunction(
  {
    id: 'consent-unproven',
    name: 'End a consent that nobody has confirmed',
    triggers: [{ event: proofAwaited }],
    retries: 6,
  },
  async ({ event, step }) => {
    const end = await patiently(step, 'until when', () => inScope(event, endOf));
    if (end === null) return { ended: false };
    await step.sleepUntil('its end', end);
    const ended = await patiently(step, 'end', () => inScope(event, endUnproven));
    return { ended };
  },
);
