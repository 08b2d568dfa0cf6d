import type { z } from 'zod';
import { type ApprovalId, type PlatformTransaction, withPlatform } from '@/db';
import type { StaffContext } from '@/lib/access';
import {
  type Approval,
  approvalWords,
  decideApproval,
  openApproval,
  requireDecidable,
} from '@/lib/approvals';
import { recordAudit } from '@/lib/audit';
import { found } from '@/lib/errors';
import { lookAsStaff } from '@/lib/platform';
import { proveFactor } from '@/lib/second-factor';
import { carryOut, withTenantId } from './carry-out';
import type { decisionInput } from './contract';
import { nameOfStaff } from './names';

/** On the tenant's own record, with both persons; in the transaction of the decision. */
async function tellTenant(
  tx: PlatformTransaction,
  staff: StaffContext,
  approval: Approval,
): Promise<void> {
  const { id, tenantId, kind, subject, reason, askedBy, decision } = approval;
  if (tenantId === null) return;
  const words = approvalWords(kind, subject);
  const details = { what: words, reason, askedBy: await nameOfStaff(tx, askedBy) };
  const context = {
    tenantId,
    actor: { type: 'staff', id: staff.userId, name: staff.name },
    requestId: staff.requestId,
  } as const;
  await recordAudit(tx, context, {
    action: decision === 'approved' ? 'approval.approved' : 'approval.declined',
    target: { type: 'approval', id, name: words },
    details,
  });
}

/**
 * Decide on what another person asked for, with a fresh code. What is approved is carried out at
 * once; if that fails, the approval stands and can be tried again until it expires.
 * @returns what came of it, in words
 * @throws PublicError `not_found`; `forbidden` for one's own and for a wrong code; `conflict` when it
 *   was decided on or has expired, and for a yes when its asker has left the staff
 */
export async function decideOn(
  staff: StaffContext,
  { approvalId: id, decision, note, code }: z.output<typeof decisionInput>,
): Promise<string> {
  const seen = found(await withPlatform((tx) => openApproval(tx, staff, id)));
  const tenantId = seen.tenantId as Approval['tenantId'];
  const filter = { approval: id, kind: seen.kind };
  const look = { action: `approval.${decision}`, ...withTenantId(tenantId), filter } as const;
  const decided = await lookAsStaff(staff, look, (platform) =>
    platform.transaction(async (tx) => {
      // First, so that no code is used up on what cannot be.
      await requireDecidable(tx, staff, { id, decision });
      await proveFactor(staff.userId, code, { requestId: staff.requestId });
      const approval = await decideApproval(tx, staff, { id, decision, note });
      await tellTenant(tx, staff, approval);
      return approval;
    }),
  );
  return decision === 'approved' ? carryOut(staff, decided) : 'It is declined.';
}

/**
 * Carry out what was approved and failed.
 * @returns what came of it, in words
 * @throws PublicError `not_found`; `conflict` when it was done, was not approved or has expired
 */
export async function carryOutAgain(staff: StaffContext, id: ApprovalId): Promise<string> {
  const { kind, tenantId } = found(await withPlatform((tx) => openApproval(tx, staff, id)));
  return carryOut(staff, { id, kind, tenantId: tenantId as Approval['tenantId'] });
}
