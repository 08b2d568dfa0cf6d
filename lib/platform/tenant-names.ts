import { inArray, type PlatformTransaction, type TenantId } from '@/db';
import { tenants } from '@/db/schema';

/** What tenants are called, by their ids; one that is gone has no name. */
export async function tenantNames(
  tx: PlatformTransaction,
  ids: Iterable<TenantId>,
): Promise<ReadonlyMap<string, string>> {
  const asked = [...new Set(ids)];
  if (asked.length === 0) return new Map();
  const rows = await tx
    .select({ id: tenants.id, name: tenants.name })
    .from(tenants)
    .where(inArray(tenants.id, asked));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/**
 * Rows of a page with the names of their tenants. Not joined to it: the planner, which takes what an
 * index over all tenants finds for little, would join all of it before it takes the newest.
 */
export async function withTenantNames<Row extends { readonly tenantId: TenantId }>(
  tx: PlatformTransaction,
  rows: readonly Row[],
): Promise<(Row & { readonly tenantName: string })[]> {
  const names = await tenantNames(
    tx,
    rows.map(({ tenantId }) => tenantId),
  );
  return rows.map((row) => ({ ...row, tenantName: names.get(row.tenantId) ?? row.tenantId }));
}
