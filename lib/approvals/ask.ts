import {
  type ApprovalId,
  and,
  eq,
  gt,
  isNull,
  newId,
  type PlatformTransaction,
  sql,
  type TenantId,
  type UserId,
} from '@/db';
import { approvals, type StaffRole } from '@/db/schema';
import { PublicError } from '@/lib/errors';
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

/** Whether the very same was asked for and nobody has decided yet. */
async function waitsAlready(
  tx: PlatformTransaction,
  kind: ApprovalKind,
  tenantId: TenantId | null,
  subject: string,
): Promise<boolean> {
  const [row] = await tx
    .select({ id: approvals.id })
    .from(approvals)
    .where(
      and(
        isNull(approvals.decidedAt),
        gt(approvals.expiresAt, sql`now()`),
        eq(approvals.kind, kind),
        tenantId === null ? isNull(approvals.tenantId) : eq(approvals.tenantId, tenantId),
        sql`${approvals.subject} = ${subject}::jsonb`,
      ),
    )
    .limit(1);
  return row !== undefined;
}

/**
 * Ask for a second person's approval, in the transaction of the look that it is asked in (see
 * `lookAsStaff`). The others are told by mail within a minute. It holds for 24 hours.
 * @returns its id
 * @throws PublicError `conflict` when the same was asked for and waits
 */
export async function askApproval<Kind extends ApprovalKind>(
  tx: PlatformTransaction,
  staff: ApprovingStaff,
  { kind, tenantId, subject, reason }: ApprovalRequest<Kind>,
): Promise<ApprovalId> {
  const asked = JSON.stringify(parsedSubject(kind, subject));
  if (await waitsAlready(tx, kind, tenantId, asked)) {
    throw new PublicError(
      'conflict',
      'This was asked for already: it waits for a second person to decide.',
    );
  }
  const id = newId<ApprovalId>();
  // Those columns alone: a decision cannot be written along with what is asked for.
  await tx.execute(sql`
    insert into ${approvals} (id, kind, tenant_id, subject, reason, asked_by, expires_at)
    values (${id}, ${kind}, ${tenantId}, ${asked}::jsonb, ${reason},
            ${staff.userId}, now() + make_interval(hours => ${approvalHours}::integer))`);
  return id;
}
