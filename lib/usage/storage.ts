import {
  and,
  eq,
  sql,
  type TenantContext,
  type TenantId,
  type TenantTransaction,
  withTenant,
} from '@/db';
import { auditEvents, declaredTables, usageStates } from '@/db/schema';
import { firstIdAt } from './id-time';
import { lockState } from './state';

/** Hours between two measurements of one tenant at least. */
const everyHours = 6;

/** Tables whose rows a tenant's door may read in whole: what it is not shown is not held against it. */
const measured = (): readonly string[] =>
  declaredTables()
    .filter(({ tenant, grants }) => tenant && grants.app?.includes('select'))
    .map(({ name }) => name);

/**
 * Bytes that a tenant's rows hold: `pg_column_size` of each row as it is kept, compressed where it is
 * compressed. Exact, and as cheap as reading the rows once; without indexes and the free space of
 * pages, which are nobody's.
 */
export async function measureStorage(
  tx: Pick<TenantTransaction, 'execute'>,
  tenantId: TenantId,
): Promise<number> {
  const sizes = measured().map(
    (table) => sql`select coalesce(sum(pg_column_size(t.*)), 0) as bytes
                     from ${sql.identifier(table)} t where t.tenant_id = ${tenantId}`,
  );
  const { rows } = await tx.execute<{ bytes: number }>(
    sql`select sum(bytes)::float8 as bytes from (${sql.join(sizes, sql` union all `)}) as sizes`,
  );
  return rows[0]?.bytes ?? 0;
}

/** Whether something happened in a tenant since a moment: nothing changes without its record. */
async function changedSince(tx: TenantTransaction, tenantId: TenantId, at: Date) {
  const [row] = await tx
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .where(and(eq(auditEvents.tenantId, tenantId), sql`${auditEvents.id} >= ${firstIdAt(at)}`))
    .limit(1);
  return row !== undefined;
}

/**
 * Measure a tenant's storage when that is due: at first, and six hours after the last time if there
 * was activity since.
 * @returns bytes; null when it was not due
 */
export function measureIfDue(context: TenantContext, now: Date): Promise<number | null> {
  const { tenantId } = context;
  return withTenant(context, async (tx) => {
    const { storageMeasuredAt } = await lockState(tx, tenantId);
    if (storageMeasuredAt) {
      const due = storageMeasuredAt.getTime() + everyHours * 3_600_000;
      if (due > now.getTime()) return null;
      if (!(await changedSince(tx, tenantId, storageMeasuredAt))) return null;
    }
    const storageBytes = await measureStorage(tx, tenantId);
    await tx
      .update(usageStates)
      .set({ storageBytes, storageMeasuredAt: now })
      .where(eq(usageStates.tenantId, tenantId));
    return storageBytes;
  });
}
