import { z } from 'zod';
import { and, type ConnectionId, desc, eq, lt, sql, type TenantId } from '@/db';
import { connections } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import type { BrokenConnectionFilter, BrokenConnectionRow } from './contract';
import { lookAsStaff } from './look';
import { withTenantNames } from './tenant-names';

const position = z.tuple([z.uuid().transform((id) => id as ConnectionId)]);

/** Connections that wait for a person, of all tenants, in the words of the index for that. */
export const brokenConnections = sql`(${connections.state} || '') in ('needs_scopes', 'needs_reconsent', 'blocked_by_policy')`;

/**
 * A page of the connections of all tenants that wait for a person, newest first: how they stand. What
 * they reach, and whose accounts they are, stays with their tenants.
 * @throws PublicError `invalid_input` for a cursor that is not ours
 */
export function listBrokenConnections(
  staff: StaffContext,
  filter: BrokenConnectionFilter,
  cursor?: string,
): Promise<Slice<BrokenConnectionRow>> {
  const { tenant, state, provider } = filter;
  const where = and(
    brokenConnections,
    tenant ? eq(connections.tenantId, tenant as TenantId) : undefined,
    state ? eq(connections.state, state) : undefined,
    provider ? eq(connections.provider, provider) : undefined,
    cursor ? lt(connections.id, decodeCursor(position, cursor)[0]) : undefined,
  );
  const look = { action: 'connections.listed', filter } as const;
  const at = tenant ? { ...look, tenantId: tenant as TenantId } : look;
  return lookAsStaff(staff, at, async (tx, shows) => {
    const rows = await tx
      .select({
        id: connections.id,
        tenantId: connections.tenantId,
        provider: connections.provider,
        authority: connections.authority,
        state: connections.state,
        stateReason: connections.stateReason,
        stateChangedAt: connections.stateChangedAt,
        lastUsedAt: connections.lastUsedAt,
      })
      .from(connections)
      .where(where)
      .orderBy(desc(connections.id))
      .limit(pageSize + 1);
    const slice = toSlice(rows, ({ id }) => [id]);
    shows(slice.items.map(({ tenantId }) => tenantId));
    const items = (await withTenantNames(tx, slice.items)).map((row) => ({
      ...row,
      stateChangedAt: row.stateChangedAt.toISOString(),
      lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    }));
    return { ...slice, items };
  });
}
