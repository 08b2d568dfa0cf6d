import { eq, newId, type TenantId, type TenantTransaction } from '@/db';
import { type LimitAction, usageStates } from '@/db/schema';

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

/** The same with its row made, and locked until the transaction ends. */
export async function lockState(tx: TenantTransaction, tenantId: TenantId): Promise<UsageState> {
  await tx
    .insert(usageStates)
    .values({ tenantId, id: newId() })
    .onConflictDoNothing({ target: [usageStates.tenantId] });
  const [row] = await tx
    .select(columns)
    .from(usageStates)
    .where(eq(usageStates.tenantId, tenantId))
    .for('update');
  return row ?? initial;
}
