import { and, type ConnectionId, eq, type TenantTransaction, withTenant } from '@/db';
import { connections } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { PublicError } from '@/lib/errors';
import { enqueueJob } from '@/lib/jobs';
import type { MemberContext } from '@/lib/tenancy';
import { withdrawOpenLinks } from './consent-links';
import { type Disconnected, nameOf } from './contract';
import { type Connection, findConnection, lockConnection } from './find';
import { revocationDue, takeBack } from './revoke';
import { transition } from './states';
import { unsubscribe } from './webhooks/subscriptions';

/**
 * End a connection: nothing is called with it any more, the grant is taken back at the provider and
 * the credential deleted. Where the provider does not answer, a job goes on trying. What was found
 * and done stays on record.
 * @param confirmation what the person typed, see `nameOf`
 * @returns `revoked`: whether the provider confirmed; when it did not, and is not asked `again`, the
 *   person should remove it on the provider's page
 * @throws PublicError `not_found`, `invalid_input`
 */
export async function disconnect(
  context: MemberContext,
  connectionId: ConnectionId,
  confirmation: string,
): Promise<Disconnected> {
  await withTenant(context, async (tx) =>
    requireConfirmation(await findConnection(tx, context, connectionId), confirmation),
  );
  await unsubscribe(context, connectionId);
  const ended = await withTenant(context, (tx) => end(tx, context, connectionId));
  if (ended === 'absent') return { kept: false };
  const first = ended === 'changed';
  return {
    kept: true,
    ...((await takeBack(context, connectionId, { first })) ?? { revoked: true }),
  };
}

/** Before the provider is asked: a consent that comes later than this is not undone by it. */
async function end(
  tx: TenantTransaction,
  context: MemberContext,
  connectionId: ConnectionId,
): Promise<'absent' | 'changed' | 'same'> {
  const connection = await lockConnection(tx, context, connectionId);
  const { changed } = await transition(tx, context, connectionId, { type: 'disconnected' });
  await withdrawOpenLinks(tx, context, connectionId);
  if (connection.accountId !== null) {
    // Also for the case that we do not live to make the first attempt.
    await enqueueJob(tx, context, { kind: revocationDue, subjectId: connectionId });
    return changed ? 'changed' : 'same';
  }
  if (changed) {
    await recordAudit(tx, context, {
      action: 'connection.disconnected',
      target: { type: 'connection', id: connectionId, name: nameOf(connection) },
      connectionId,
      details: { revoked: true },
    });
  }
  await tx
    .delete(connections)
    .where(and(eq(connections.tenantId, context.tenantId), eq(connections.id, connectionId)));
  return 'absent';
}

function requireConfirmation(connection: Connection, confirmation: string): void {
  const expected = nameOf(connection);
  if (confirmation.trim() === expected) return;
  const message = `Type ${expected} to confirm.`;
  throw new PublicError('invalid_input', message, { fields: { confirmation: message } });
}
