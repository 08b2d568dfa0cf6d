import {
  and,
  type ConnectionId,
  type DiscoveryId,
  eq,
  inArray,
  newId,
  type TenantTransaction,
  type UserId,
  withTenant,
} from '@/db';
import { discoveries } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { PublicError } from '@/lib/errors';
import { enqueueJob } from '@/lib/jobs';
import { RetryLater } from '@/lib/limits';
import type { ActingContext, MemberContext } from '@/lib/tenancy';
import { nameOf } from './contract';
import { ConnectionUnusable } from './errors';
import { requireUsable } from './find';

/** Kind of the job, and name of its event. */
export const discoveryRequested = 'discovery/requested';

/**
 * Ask for a discovery, in the transaction that gives the reason for it. One that is still going on
 * is handed back instead of a second one.
 * @throws ConnectionUnusable; RetryLater while the organisation is held; PublicError `not_found`
 */
export async function requestDiscovery(
  tx: TenantTransaction,
  context: ActingContext & { readonly userId?: UserId | null },
  connectionId: ConnectionId,
): Promise<DiscoveryId> {
  const connection = await requireUsable(tx, context, connectionId);
  const [going] = await tx
    .select({ id: discoveries.id })
    .from(discoveries)
    .where(
      and(
        eq(discoveries.tenantId, context.tenantId),
        eq(discoveries.connectionId, connectionId),
        inArray(discoveries.state, ['queued', 'running']),
      ),
    )
    .limit(1);
  if (going) return going.id;
  const id = newId<DiscoveryId>();
  await tx
    .insert(discoveries)
    .values({ tenantId: context.tenantId, id, connectionId, requestedBy: context.userId ?? null });
  await recordAudit(tx, context, {
    action: 'discovery.requested',
    target: { type: 'connection', id: connectionId, name: nameOf(connection) },
    connectionId,
    details: { discovery: id },
  });
  await enqueueJob(tx, context, { kind: discoveryRequested, subjectId: id });
  return id;
}

/**
 * Look again at what a connection has.
 * @throws PublicError `not_found`, `conflict` when the connection does not work at present
 */
export async function discoverAgain(
  context: MemberContext,
  connectionId: ConnectionId,
): Promise<DiscoveryId> {
  try {
    return await withTenant(context, (tx) => requestDiscovery(tx, context, connectionId));
  } catch (error) {
    if (error instanceof ConnectionUnusable) throw new PublicError('conflict', error.message);
    if (error instanceof RetryLater) throw new PublicError('conflict', `${error.reason}.`);
    throw error;
  }
}
