import {
  and,
  eq,
  sql,
  type TenantContext,
  type TenantId,
  type TenantTransaction,
  tenantDb,
  withTenant,
} from '@/db';
import { auditEvents, declaredTables, usageStates } from '@/db/schema';
import { firstIdAt } from './id-time';
import { lockState, readState } from './state';

/** Hours between two measurements of one tenant at least. */
const everyHours = 6;

/** Tables whose rows a tenant's door may read in whole: what it is not shown is not held against it. */
const measured = (): readonly string[] =>
  declaredTables()
    .filter(({ tenant, grants }) => tenant && grants.app?.includes('select'))
    .map(({ name }) => name);

/**
 * Bytes that a tenant's rows hold: `pg_column_size` of each row as it is kept, compressed where it is
 * compressed. As cheap as reading the rows once; without indexes and the free space of pages, which
 * are nobody's. Each table is a statement of its own, with its own time, and nothing is locked.
 */
export async function measureStorage(context: TenantContext): Promise<number> {
  const db = tenantDb(context);
  let bytes = 0;
  for (const table of measured()) {
    const { rows } = await db.execute<{ bytes: number }>(
      sql`select coalesce(sum(pg_column_size(t.*)), 0)::float8 as bytes
            from ${sql.identifier(table)} t where t.tenant_id = ${context.tenantId}`,
    );
    bytes += rows[0]?.bytes ?? 0;
  }
  return bytes;
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

/** Whether a tenant is to be measured: at first, and hours later if there was activity since. */
function isDue(context: TenantContext, now: Date): Promise<boolean> {
  const { tenantId } = context;
  const look = async (tx: TenantTransaction) => {
    const { storageMeasuredAt } = await readState(tx, tenantId);
    if (!storageMeasuredAt) return true;
    const due = storageMeasuredAt.getTime() + everyHours * 3_600_000;
    return due <= now.getTime() && changedSince(tx, tenantId, storageMeasuredAt);
  };
  return withTenant(context, look, { readOnly: true });
}

/**
 * Measure a tenant's storage when that is due: at first, and six hours after the last time if there
 * was activity since. Runs are admitted meanwhile: the state is locked only to note what it came to.
 * @returns bytes; null when it was not due
 */
export async function measureIfDue(context: TenantContext, now: Date): Promise<number | null> {
  if (!(await isDue(context, now))) return null;
  const storageBytes = await measureStorage(context);
  await withTenant(context, async (tx) => {
    if (!(await lockState(tx, context.tenantId))) return;
    await tx
      .update(usageStates)
      .set({ storageBytes, storageMeasuredAt: now })
      .where(eq(usageStates.tenantId, context.tenantId));
  });
  return storageBytes;
}
