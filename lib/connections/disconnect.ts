import { and, type ConnectionId, eq, withTenant } from '@/db';
import { connections } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { PublicError } from '@/lib/errors';
import { findProvider, findWay, ProviderError } from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';
import { type Disconnected, nameOf } from './contract';
import { type Credential, deleteCredential, loadCredential } from './credentials';
import { type Connection, findConnection, lockConnection } from './find';
import { transition } from './states';
import { recordedFetch } from './transport';

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
  const revoked = credential === null || (await revoke(context, connection, credential));
  return withTenant(context, async (tx) => {
    const { accountId } = await lockConnection(tx, context, connectionId);
    const { changed } = await transition(tx, context, connectionId, { type: 'disconnected' });
    if (changed) {
      await recordAudit(tx, context, {
        action: 'connection.disconnected',
        target: { type: 'connection', id: connectionId, name: nameOf(connection) },
        connectionId,
        details: { revoked },
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

async function revoke(
  context: MemberContext,
  connection: Connection,
  credential: Credential,
): Promise<boolean> {
  const way = findWay(connection.provider, connection.authority);
  if (!way || !findProvider(connection.provider)?.configured()) return false;
  const door = { context, connectionId: connection.id, way, scope: {} };
  const { grant, accessToken } = credential;
  try {
    return await way
      .oauth(recordedFetch(door))
      .revoke(grant?.kind === 'refresh_token' ? grant.refreshToken : accessToken, accessToken);
  } catch (error) {
    if (error instanceof ProviderError) return false;
    throw error;
  }
}
