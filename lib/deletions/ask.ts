import type { z } from 'zod';
import {
  type ApprovalId,
  and,
  type DeletionId,
  eq,
  isNull,
  type PlatformTransaction,
  sql,
} from '@/db';
import { tenantDeletions, tenants } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { askApproval } from '@/lib/approvals';
import { recordAudit } from '@/lib/audit';
import { found, PublicError } from '@/lib/errors';
import { requireName, type staffDeletionInput, wakeDeletions } from '@/lib/lifecycle';
import { lookAsStaff } from '@/lib/platform';
import { byId } from './browse';

/**
 * Ask a second platform admin to approve the deletion of a tenant. Nothing happens until then; after
 * that its time of grace begins.
 * @throws PublicError `not_found`; `invalid_input` for another name; `conflict` when it was asked for
 */
export function askToDelete(
  staff: StaffContext,
  { tenantId, typed, reason }: z.output<typeof staffDeletionInput>,
): Promise<ApprovalId> {
  return lookAsStaff(staff, { action: 'deletion.asked', tenantId }, async (tx) => {
    const [tenant] = await tx
      .select({ name: tenants.name })
      .from(tenants)
      .where(eq(tenants.id, tenantId));
    const { name } = found(tenant);
    requireName(typed, name);
    const [open] = await tx
      .select({ id: tenantDeletions.id })
      .from(tenantDeletions)
      .where(and(eq(tenantDeletions.tenantId, tenantId), isNull(tenantDeletions.endedAt)));
    if (open) throw new PublicError('conflict', 'Its deletion was asked for already.');
    const subject = { tenantName: name };
    return askApproval(tx, staff, { kind: 'tenant.delete', tenantId, subject, reason });
  });
}

const stoppedColumns = {
  id: tenantDeletions.id,
  tenantId: tenantDeletions.tenantId,
  tenantName: tenantDeletions.tenantName,
  graceUntil: tenantDeletions.graceUntil,
  reason: tenantDeletions.reason,
};
type Stopped = Pick<typeof tenantDeletions.$inferSelect, keyof typeof stoppedColumns>;

/** On the tenant's own record, under the name of who stopped it. */
function recordStop(
  tx: PlatformTransaction,
  { userId, name, requestId }: StaffContext,
  { id, tenantId, tenantName, graceUntil, reason }: Stopped,
): Promise<unknown> {
  const context = { tenantId, actor: { type: 'staff', id: userId, name }, requestId } as const;
  return recordAudit(tx, context, {
    action: 'deletion.stopped',
    target: { type: 'tenant', id: tenantId, name: tenantName ?? '' },
    details: { deletionId: id, graceUntil: graceUntil.toISOString(), reason },
  });
}

/**
 * Stop a deletion in its time of grace. It goes on the tenant's record at once, whether its owners were
 * told of the beginning or not; those who were are told of the end.
 * @throws PublicError `not_found`; `conflict` when it was ended, or its grace is over
 */
export async function stopDeletion(staff: StaffContext, id: DeletionId): Promise<void> {
  const look = { action: 'deletion.stopped', filter: { deletion: id } } as const;
  await lookAsStaff(staff, look, async (tx, shows) => {
    const [stopped] = await tx
      .update(tenantDeletions)
      .set({ endedAt: sql`now()`, endedBy: staff.userId, endedName: staff.name })
      .where(and(byId(id), isNull(tenantDeletions.endedAt), isNull(tenantDeletions.closedAt)))
      .returning(stoppedColumns);
    if (stopped) {
      shows([stopped.tenantId]);
      await recordStop(tx, staff, stopped);
      return;
    }
    const [row] = await tx.select({ id: tenantDeletions.id }).from(tenantDeletions).where(byId(id));
    found(row);
    throw new PublicError('conflict', 'Its time of grace is over, or somebody has ended it.');
  });
  await wakeDeletions();
}
