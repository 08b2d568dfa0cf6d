import {
  type ApprovalId,
  newId,
  type PlatformTransaction,
  sql,
  type TenantId,
  type UserId,
} from '@/db';
import { approvals, type StaffRole } from '@/db/schema';
import { type ApprovalKind, type ApprovalSubject, approvalHours } from './contract';
import { parsedSubject } from './subject';

/** Somebody of the staff, as far as it matters here. */
export interface ApprovingStaff {
  readonly userId: UserId;
  readonly role: StaffRole;
}

export interface ApprovalRequest<Kind extends ApprovalKind> {
  readonly kind: Kind;
  /** The tenant it is about; null when it is about none. */
  readonly tenantId: TenantId | null;
  readonly subject: ApprovalSubject<Kind>;
  /** Why, for the second person and the record. */
  readonly reason: string;
}

/**
 * Ask for a second person's approval, in the transaction of the look that it is asked in (see
 * `lookAsStaff`). The others are told by mail within a minute. It holds for 24 hours.
 * @returns its id
 */
export async function askApproval<Kind extends ApprovalKind>(
  tx: PlatformTransaction,
  staff: ApprovingStaff,
  { kind, tenantId, subject, reason }: ApprovalRequest<Kind>,
): Promise<ApprovalId> {
  const id = newId<ApprovalId>();
  // Those columns alone: a decision cannot be written along with what is asked for.
  await tx.execute(sql`
    insert into ${approvals} (id, kind, tenant_id, subject, reason, asked_by, expires_at)
    values (${id}, ${kind}, ${tenantId}, ${JSON.stringify(parsedSubject(kind, subject))}::jsonb,
            ${reason}, ${staff.userId}, now() + make_interval(hours => ${approvalHours}::integer))`);
  return id;
}
