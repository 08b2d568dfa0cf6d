import { and, type ConnectionId, eq, withTenant } from '@/db';
import { connections } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { PublicError } from '@/lib/errors';
import type { MemberContext } from '@/lib/tenancy';
import { withdrawOpenLinks } from './consent-links';
import { type Disconnected, nameOf } from './contract';
import { deleteCredential, loadCredential } from './credentials';
import { type Connection, findConnection, lockConnection } from './find';
import { endGrant } from './shared-grant';
import { transition } from './states';
import { unsubscribe } from './webhooks/subscriptions';

/**
 * End a connection: the grant is taken back at the provider and the credential deleted. What was
 * found and done stays on record.
 * @param confirmation what the person typed, see `nameOf`
 * @returns `revoked`: whether the provider confirmed; when it did not, access ends here all the same
 *   and the person should also remove it on the provider's page
 * @throws PublicError `not_found`, `invalid_input`
 */
export async function disconnect(
  context: MemberContext,
  connectionId: ConnectionId,
  confirmation: string,
): Promise<Disconnected> {
  const { connection, credential } = await withTenant(context, async (tx) => {
    const connection = await findConnection(tx, context, connectionId);
    requireConfirmation(connection, confirmation);
    return { connection, credential: await loadCredential(tx, context, connectionId) };
  });
  await unsubscribe(context, connectionId);
  const ended = credential && (await endGrant(context, connection, credential));
  const revoked = ended?.revoked ?? true;
  return withTenant(context, async (tx) => {
    const { accountId } = await lockConnection(tx, context, connectionId);
    const { changed } = await transition(tx, context, connectionId, { type: 'disconnected' });
    await withdrawOpenLinks(tx, context, connectionId);
    if (changed) {
      await recordAudit(tx, context, {
        action: 'connection.disconnected',
        target: { type: 'connection', id: connectionId, name: nameOf(connection) },
        connectionId,
        details: { revoked: ended?.said ?? true },
      });
    }
    if (accountId !== null) {
      await deleteCredential(tx, context, connectionId);
      return { kept: true, revoked };
    }
    await tx
      .delete(connections)
      .where(and(eq(connections.tenantId, context.tenantId), eq(connections.id, connectionId)));
    return { kept: false };
  });
}

function requireConfirmation(connection: Connection, confirmation: string): void {
  const expected = nameOf(connection);
  if (confirmation.trim() === expected) return;
  const message = `Type ${expected} to confirm.`;
  throw new PublicError('invalid_input', message, { fields: { confirmation: message } });
}
