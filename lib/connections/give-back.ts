import { and, asc, type ConnectionId, eq, exists, notInArray, or, withTenant } from '@/db';
import { connections, credentials } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { providerNames } from '@/lib/providers';
import type { ActingContext } from '@/lib/tenancy';
import { nameOf } from './contract';
import { type Credential, deleteCredential, loadCredential } from './credentials';
import { type Connection, findConnection, lockConnection } from './find';
import { type EndedGrant, endGrant } from './shared-grant';
import { transition } from './states';
import { unsubscribe } from './webhooks/subscriptions';

/** How giving back one connection's authority went. */
export interface GivenBack {
  readonly provider: Connection['provider'];
  readonly authority: Connection['authority'];
  readonly revoked: boolean;
  /** Why not, in plain words. */
  readonly because?: string;
  /** The provider is out of reach for now: nothing was ended here, and it may be tried again. */
  readonly again?: true;
}

/** Connections of a tenant that hold something of a provider's. */
export async function heldConnections(context: ActingContext): Promise<ConnectionId[]> {
  const rows = await withTenant(context, (tx) =>
    tx
      .select({ id: connections.id })
      .from(connections)
      .where(
        and(
          eq(connections.tenantId, context.tenantId),
          or(
            notInArray(connections.state, ['pending', 'disconnected']),
            // Disconnected, and not taken back yet.
            and(
              eq(connections.state, 'disconnected'),
              exists(
                tx
                  .select({ id: credentials.id })
                  .from(credentials)
                  .where(
                    and(
                      eq(credentials.tenantId, connections.tenantId),
                      eq(credentials.connectionId, connections.id),
                    ),
                  ),
              ),
            ),
          ),
        ),
      )
      .orderBy(asc(connections.id)),
  );
  return rows.map(({ id }) => id);
}

function whyNot({ provider, authority }: Connection, { failure }: EndedGrant): string {
  const name = providerNames[provider];
  if (failure) return `${name} did not take it: ${failure.failure.code ?? failure.kind}.`;
  if (authority === 'application' || provider === 'microsoft') {
    return `${name} lets only its own administrators take this consent back, on its page.`;
  }
  return `${name} is not set up on this installation any more.`;
}

async function openCredential(
  context: ActingContext,
  connectionId: ConnectionId,
): Promise<Credential | null | 'unreadable'> {
  try {
    return await withTenant(context, (tx) => loadCredential(tx, context, connectionId));
  } catch (error) {
    if ((error as Error).name === 'VaultError') return 'unreadable';
    throw error;
  }
}

async function end(
  context: ActingContext,
  connectionId: ConnectionId,
  said: EndedGrant['said'],
): Promise<void> {
  await withTenant(context, async (tx) => {
    const connection = await lockConnection(tx, context, connectionId);
    const { changed } = await transition(tx, context, connectionId, { type: 'disconnected' });
    await deleteCredential(tx, context, connectionId);
    if (!changed) return;
    await recordAudit(tx, context, {
      action: 'connection.disconnected',
      target: { type: 'connection', id: connectionId, name: nameOf(connection) },
      connectionId,
      details: { revoked: said },
    });
  });
}

/**
 * Give back what a connection was granted, in a tenant that is being deleted, and end it here. A
 * grant that other organisations here live on is taken back with the last of them: see `endGrant`.
 * @param last end it here although the provider is out of reach
 * @throws PublicError `not_found`
 */
export async function giveBack(
  context: ActingContext,
  connectionId: ConnectionId,
  { last = false } = {},
): Promise<GivenBack> {
  const connection = await withTenant(context, (tx) => findConnection(tx, context, connectionId));
  const { provider, authority } = connection;
  const credential = await openCredential(context, connectionId);
  if (credential === null || credential === 'unreadable') {
    await end(context, connectionId, credential === null);
    return credential === null
      ? { provider, authority, revoked: true }
      : { provider, authority, revoked: false, because: 'Its credential cannot be opened.' };
  }
  await unsubscribe(context, connectionId);
  const ended = await endGrant(context, connection, credential);
  if (ended.failure?.retryable && !last) {
    return {
      ...{ provider, authority, revoked: false, again: true },
      because: whyNot(connection, ended),
    };
  }
  await end(context, connectionId, ended.said);
  if (ended.revoked) return { provider, authority, revoked: true };
  return { provider, authority, revoked: false, because: whyNot(connection, ended) };
}
