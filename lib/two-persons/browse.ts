import { type ApprovalId, type TenantId, withPlatform } from '@/db';
import type { StaffContext } from '@/lib/access';
import { type ApprovalRow, browseApprovals, countWaiting, openApproval } from '@/lib/approvals';
import { found } from '@/lib/errors';
import type { Slice } from '@/lib/paging';
import { lookAsStaff } from '@/lib/platform';

/**
 * A page of what was asked for, newest first.
 * @throws PublicError `invalid_input` for a cursor that is not ours
 */
export function listApprovals(
  staff: StaffContext,
  show: 'waiting' | 'all',
  cursor?: string,
): Promise<Slice<ApprovalRow>> {
  return lookAsStaff(staff, { action: 'approvals.listed', filter: { show } }, async (tx, shows) => {
    const page = await browseApprovals(tx, staff, { waiting: show === 'waiting' }, cursor);
    shows(page.items.map(({ tenantId }) => tenantId));
    return page;
  });
}

/** One of them. @throws PublicError `not_found` */
export function readApproval(staff: StaffContext, id: ApprovalId): Promise<ApprovalRow> {
  const look = { action: 'approval.opened', filter: { approval: id } } as const;
  return lookAsStaff(staff, look, async (tx, shows) => {
    const approval = found(await openApproval(tx, staff, id));
    shows([approval.tenantId as TenantId | null]);
    return approval;
  });
}

/** How many wait for this person's decision; shown beside the navigation, so no look. */
export function countApprovals(staff: StaffContext): Promise<number> {
  return withPlatform((tx) => countWaiting(tx, staff));
}
