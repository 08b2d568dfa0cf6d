import type { z } from 'zod';
import { type ApprovalId, and, type DeletionId, eq, isNull, sql } from '@/db';
import { tenantDeletions, tenants } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { askApproval } from '@/lib/approvals';
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

/**
 * Stop a deletion in its time of grace. Its owners are told; it goes on their record under the name of
 * who stopped it.
 * @throws PublicError `not_found`; `conflict` when it was ended, or its grace is over
 */
export async function stopDeletion(staff: StaffContext, id: DeletionId): Promise<void> {
  const look = { action: 'deletion.stopped', filter: { deletion: id } } as const;
  await lookAsStaff(staff, look, async (tx, shows) => {
    const [stopped] = await tx
      .update(tenantDeletions)
      .set({ endedAt: sql`now()`, endedBy: staff.userId, endedName: staff.name })
      .where(and(byId(id), isNull(tenantDeletions.endedAt), isNull(tenantDeletions.closedAt)))
      .returning({ tenantId: tenantDeletions.tenantId });
    if (stopped) return shows([stopped.tenantId]);
    const [row] = await tx.select({ id: tenantDeletions.id }).from(tenantDeletions).where(byId(id));
    found(row);
    throw new PublicError('conflict', 'Its time of grace is over, or somebody has ended it.');
  });
  await wakeDeletions();
}
