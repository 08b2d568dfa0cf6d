import { eq, newId, sql, type TenantId, type TenantTransaction } from '@/db';
import { type LimitAction, tenants, usageStates } from '@/db/schema';

export type { LimitAction } from '@/db/schema';

/** How far a tenant's use has been counted, and what follows from too much. */
export interface UsageState {
  readonly countedUntil: Date | null;
  readonly storageBytes: number | null;
  readonly storageMeasuredAt: Date | null;
  readonly atLimit: LimitAction;
}

const columns = {
  countedUntil: usageStates.countedUntil,
  storageBytes: usageStates.storageBytes,
  storageMeasuredAt: usageStates.storageMeasuredAt,
  atLimit: usageStates.atLimit,
};

/** Of a tenant that nobody has counted yet. */
const initial: UsageState = {
  countedUntil: null,
  storageBytes: null,
  storageMeasuredAt: null,
  atLimit: 'refuse',
};

/** How a tenant stands, by any door that may read it. */
export async function readState(
  tx: Pick<TenantTransaction, 'select'>,
  tenantId: TenantId,
): Promise<UsageState> {
  const [row] = await tx
    .select(columns)
    .from(usageStates)
    .where(eq(usageStates.tenantId, tenantId));
  return row ?? initial;
}

/**
 * The same with its row made, and locked until the transaction ends.
 * @returns null for a tenant that is gone, or has no row and is being deleted: nothing of it is to come
 *   into being any more
 */
export async function lockState(
  tx: TenantTransaction,
  tenantId: TenantId,
): Promise<UsageState | null> {
  const locked = async () => {
    const [row] = await tx
      .select(columns)
      .from(usageStates)
      .where(eq(usageStates.tenantId, tenantId))
      .for('update');
    return row ?? null;
  };
  const there = await locked();
  if (there) return there;
  // The tenant's row cannot go before this transaction ends: what it leaves is found and erased.
  await tx.execute(sql`
    insert into ${usageStates} (tenant_id, id)
    select ${tenants.id}, ${newId()}::uuid from ${tenants}
     where ${tenants.id} = ${tenantId} and ${tenants.state} <> 'deleting'
       for key share
    on conflict (tenant_id) do nothing`);
  return locked();
}
