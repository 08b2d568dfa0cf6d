import { and, type ConnectionId, eq, type TenantContext, type TenantTransaction } from '@/db';
import { connections } from '@/db/schema';
import { found } from '@/lib/errors';
import type { ConnectionState } from './contract';
import { ConnectionUnusable } from './errors';

export type Connection = typeof connections.$inferSelect;

/** @throws PublicError `not_found` when it is absent or another tenant's */
export async function findConnection(
  tx: TenantTransaction,
  context: TenantContext,
  connectionId: ConnectionId,
): Promise<Connection> {
  const [row] = await tx
    .select()
    .from(connections)
    .where(and(eq(connections.tenantId, context.tenantId), eq(connections.id, connectionId)));
  return found(row);
}

/**
 * The same, locked until the transaction ends.
 * @throws PublicError `not_found`
 */
export async function lockConnection(
  tx: TenantTransaction,
  context: TenantContext,
  connectionId: ConnectionId,
): Promise<Connection> {
  const [row] = await tx
    .select()
    .from(connections)
    .where(and(eq(connections.tenantId, context.tenantId), eq(connections.id, connectionId)))
    .for('update');
  return found(row);
}

const usable: readonly ConnectionState[] = ['verifying', 'active', 'degraded'];

/** @throws ConnectionUnusable when its state allows no calls; PublicError `not_found` */
export async function requireUsable(
  tx: TenantTransaction,
  context: TenantContext,
  connectionId: ConnectionId,
): Promise<Connection> {
  const connection = await findConnection(tx, context, connectionId);
  if (!usable.includes(connection.state)) {
    throw new ConnectionUnusable(connectionId, connection.state, connection.stateReason);
  }
  return connection;
}
