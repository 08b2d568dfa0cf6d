import { and, type ConnectionId, eq, type TenantContext, type TenantTransaction } from '@/db';
import { connections, tenants } from '@/db/schema';
import { found } from '@/lib/errors';
import { RetryLater } from '@/lib/limits';
import type { ActingContext } from '@/lib/tenancy';
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

/** Seconds after which held work asks again; the engine holds it by then. */
const heldSeconds = 5;

const usable: readonly ConnectionState[] = ['verifying', 'active', 'degraded'];

/**
 * A connection that may be called through now. Asked before every call, so that work under way stops
 * as soon as its organisation is suspended, to go on where it was when that is over.
 * @throws ConnectionUnusable when its state allows no calls; RetryLater while its organisation is
 *   held; PublicError `not_found`
 */
export async function requireUsable(
  tx: TenantTransaction,
  context: TenantContext & Pick<ActingContext, 'closing'>,
  connectionId: ConnectionId,
): Promise<Connection> {
  const [row] = await tx
    .select({ connection: connections, tenantState: tenants.state })
    .from(connections)
    .innerJoin(tenants, eq(tenants.id, connections.tenantId))
    .where(and(eq(connections.tenantId, context.tenantId), eq(connections.id, connectionId)));
  const { connection, tenantState } = found(row);
  const closing = tenantState === 'deleting' && context.closing;
  if (tenantState !== 'active' && !closing) {
    throw new RetryLater(heldSeconds, 'The organisation is suspended');
  }
  if (!usable.includes(connection.state)) {
    throw new ConnectionUnusable(connectionId, connection.state, connection.stateReason);
  }
  return connection;
}
