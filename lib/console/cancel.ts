import type { z } from 'zod';
import type { RunId, TenantId } from '@/db';
import { runs } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { cancelRun } from '@/lib/automations';
import { found } from '@/lib/errors';
import { lookAsStaff } from '@/lib/platform';
import type { cancelRunInput } from './contract';
import { runWithId } from './rows';

function tenantOfRun(staff: StaffContext, runId: RunId, reason: string): Promise<TenantId> {
  const look = { action: 'run.cancelled', filter: { run: runId, reason } } as const;
  return lookAsStaff(staff, look, async (tx, shows) => {
    const [row] = await tx.select({ tenantId: runs.tenantId }).from(runs).where(runWithId(runId));
    const { tenantId } = found(row);
    shows([tenantId]);
    return tenantId;
  });
}

/**
 * Stop a run as staff. It is staff's deed, with its reason, on the tenant's own record, written in the
 * transaction that stops it; what was done before stays done.
 * @throws PublicError `not_found`; `conflict` when it has finished
 */
export async function cancelRunAsStaff(
  staff: StaffContext,
  { runId, reason }: z.output<typeof cancelRunInput>,
): Promise<void> {
  const tenantId = await tenantOfRun(staff, runId, reason);
  const actor = { type: 'staff', id: staff.userId, name: staff.name } as const;
  await cancelRun({ tenantId, actor, requestId: staff.requestId }, runId, reason);
}
