import {
  and,
  asc,
  type ConnectionId,
  eq,
  gt,
  isNull,
  ne,
  not,
  type TenantContext,
  tenantDb,
} from '@/db';
import { connections, reconsentRequests } from '@/db/schema';
import { hasGiven } from './audience';
import type { OpenRequest } from './contract';

/** The most that a page tells. */
const mostTold = 5;

/** What staff asks of a connection at present and was not given yet, the nearest deadline first. */
export async function openRequests(
  context: TenantContext,
  connectionId: ConnectionId,
): Promise<readonly OpenRequest[]> {
  const rows = await tenantDb(context)
    .select({
      id: reconsentRequests.id,
      scopes: reconsentRequests.scopes,
      message: reconsentRequests.message,
      deadline: reconsentRequests.deadline,
      requestedName: reconsentRequests.requestedName,
    })
    .from(reconsentRequests)
    .innerJoin(
      connections,
      and(
        eq(connections.tenantId, reconsentRequests.tenantId),
        eq(connections.id, reconsentRequests.connectionId),
      ),
    )
    .where(
      and(
        eq(reconsentRequests.tenantId, context.tenantId),
        eq(reconsentRequests.connectionId, connectionId),
        isNull(reconsentRequests.stoppedAt),
        gt(reconsentRequests.deadline, new Date()),
        ne(connections.state, 'disconnected'),
        not(hasGiven),
      ),
    )
    .orderBy(asc(reconsentRequests.deadline))
    .limit(mostTold);
  return rows.map((row) => ({ ...row, deadline: row.deadline.toISOString() }));
}
