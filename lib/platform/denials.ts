import { and, desc, eq, type PlatformTransaction, type SQL, type TenantId } from '@/db';
import { tenantAccessLogs, tenants } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { denialColumns, denialConditions, shownDenial } from '@/lib/denials';
import { pageSize, type Slice, toSlice } from '@/lib/paging';
import type { PlatformDenialFilter, PlatformDenialRow } from './contract';
import { lookAsStaff } from './look';

/** Refusals across tenants, newest first. @param size rows at most, and one more */
export async function denialRowsWhere(
  tx: PlatformTransaction,
  where: SQL | undefined,
  size: number = pageSize,
): Promise<PlatformDenialRow[]> {
  const rows = await tx
    .select({ ...denialColumns, tenantId: tenantAccessLogs.tenantId, tenantName: tenants.name })
    .from(tenantAccessLogs)
    .innerJoin(tenants, eq(tenants.id, tenantAccessLogs.tenantId))
    .where(where)
    .orderBy(desc(tenantAccessLogs.id))
    .limit(size + 1);
  return rows.map(shownDenial);
}

/**
 * A page of the accesses refused in all tenants, newest first.
 * @throws PublicError `invalid_input` for a cursor that is not ours
 */
export function browsePlatformDenials(
  staff: StaffContext,
  filter: PlatformDenialFilter,
  cursor?: string,
): Promise<Slice<PlatformDenialRow>> {
  const tenantId = filter.tenant as TenantId | undefined;
  const where = and(
    tenantId && eq(tenantAccessLogs.tenantId, tenantId),
    ...denialConditions(filter, cursor, tenantId === undefined),
  );
  const look = { action: 'denials.browsed', filter } as const;
  return lookAsStaff(staff, tenantId ? { ...look, tenantId } : look, async (tx, shows) => {
    const slice = toSlice(await denialRowsWhere(tx, where), (row) => [row.id]);
    shows(slice.items.map((row) => row.tenantId));
    return slice;
  });
}
