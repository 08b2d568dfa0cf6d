import {
  type ApprovalId,
  and,
  eq,
  inArray,
  isNull,
  type PlatformTransaction,
  sql,
  type UserId,
} from '@/db';
import { type ApprovalDecision, approvals, type StaffRole, staff as staffTable } from '@/db/schema';
import { found, PublicError } from '@/lib/errors';
import type { ApprovingStaff } from './ask';
import { type ApprovalKind, type ApprovalSubject, mayDecide } from './contract';
import { parsedSubject } from './subject';

export type Approval = typeof approvals.$inferSelect;

const conflict = (message: string) => new PublicError('conflict', message);

/** One, locked until the transaction ends. */
async function locked(tx: PlatformTransaction, id: ApprovalId): Promise<Approval> {
  const [row] = await tx.select().from(approvals).where(eq(approvals.id, id)).for('update');
  return found(row);
}

/** Why this person may not decide on it; undefined when they may. */
function whyNot(approval: Approval, staff: ApprovingStaff): PublicError | undefined {
  if (approval.decision) return conflict('Somebody has decided on this already.');
  if (approval.expiresAt.getTime() <= Date.now()) {
    return conflict('This was not decided on in time. Have it asked for again.');
  }
  if (approval.askedBy === staff.userId) {
    return new PublicError('forbidden', 'You asked for this: somebody else has to decide on it.');
  }
  const { userId } = approval.subject as { readonly userId?: unknown };
  if (approval.kind === 'staff.change' && userId === staff.userId) {
    return new PublicError('forbidden', 'This is about yourself: somebody else has to decide.');
  }
  if (!mayDecide(staff.role, approval.kind)) {
    return new PublicError('forbidden', 'Only a platform admin decides on this.');
  }
  return undefined;
}

/** The roles that these people have now; whoever is no longer staff is not among them. */
async function rolesOf(
  tx: PlatformTransaction,
  people: readonly UserId[],
): Promise<ReadonlyMap<UserId, StaffRole>> {
  const rows = await tx
    .select({ userId: staffTable.userId, role: staffTable.role })
    .from(staffTable)
    .where(inArray(staffTable.userId, people));
  return new Map(rows.map(({ userId, role }) => [userId, role]));
}

/** What is decided on which approval. */
interface Decided {
  readonly id: ApprovalId;
  readonly decision: ApprovalDecision;
}

/**
 * What somebody asked for who has left since can only be declined: it would be the deed of one alone.
 * @throws PublicError
 */
async function requireTwo(
  tx: PlatformTransaction,
  staff: ApprovingStaff,
  approval: Approval,
  decision: ApprovalDecision,
): Promise<void> {
  const refusal = whyNot(approval, staff);
  if (refusal) throw refusal;
  if (decision === 'declined' || (await rolesOf(tx, [approval.askedBy])).size > 0) return;
  throw conflict(
    'Whoever asked for this is no longer staff. Decline it, and have somebody else ask again.',
  );
}

/**
 * Decide on what another person asked for. The caller has had a fresh code proved.
 * @returns it, as decided
 * @throws PublicError `not_found`; `forbidden` for one's own, or for what is about oneself;
 *   `conflict` when it was decided on or has expired, and for a yes when its asker has left the staff
 */
export async function decideApproval(
  tx: PlatformTransaction,
  staff: ApprovingStaff,
  { id, decision, note }: Decided & { readonly note: string },
): Promise<Approval> {
  await requireTwo(tx, staff, await locked(tx, id), decision);
  const [decided] = await tx
    .update(approvals)
    .set({ decision, note, decidedBy: staff.userId, decidedAt: sql`now()` })
    .where(and(eq(approvals.id, id), isNull(approvals.decision)))
    .returning();
  return found(decided);
}

/**
 * Whether this person may decide on it now; throws what `decideApproval` would. Asked before a code
 * is used up.
 */
export async function requireDecidable(
  tx: PlatformTransaction,
  staff: ApprovingStaff,
  { id, decision }: Decided,
): Promise<Approval> {
  const [approval] = await tx.select().from(approvals).where(eq(approvals.id, id));
  await requireTwo(tx, staff, found(approval), decision);
  return found(approval);
}

/** What an approval was given for, once it is taken. */
export interface Taken<Kind extends ApprovalKind> {
  readonly id: ApprovalId;
  readonly tenantId: Approval['tenantId'];
  readonly subject: ApprovalSubject<Kind>;
  readonly reason: string;
  readonly askedBy: Approval['askedBy'];
  /** Never the same as `askedBy`. */
  readonly decidedBy: NonNullable<Approval['decidedBy']>;
}

/**
 * Use an approval up, in the transaction of what it approves: of several at once one gets it, and if
 * the transaction fails it has not been used. It is worth what its two persons may do now.
 * @throws PublicError `not_found`; `conflict` unless it was approved, has not expired and was not used,
 *   and while who asked is staff and who approved could approve it still
 */
export async function takeApproval<Kind extends ApprovalKind>(
  tx: PlatformTransaction,
  _staff: ApprovingStaff,
  { kind, id }: { readonly kind: Kind; readonly id: ApprovalId },
): Promise<Taken<Kind>> {
  const approval = await locked(tx, id);
  const { tenantId, reason, askedBy, decidedBy } = approval;
  if (approval.kind !== kind || approval.decision !== 'approved' || !decidedBy) {
    throw conflict('This was not approved.');
  }
  if (approval.carriedOutAt) throw conflict('This was carried out already.');
  if (approval.expiresAt.getTime() <= Date.now()) {
    throw conflict('The approval has expired. Have it asked for again.');
  }
  const roles = await rolesOf(tx, [askedBy, decidedBy]);
  const approver = roles.get(decidedBy);
  if (!roles.has(askedBy) || !approver || !mayDecide(approver, kind)) {
    throw conflict('Whoever asked for this or approved it may not any more. Ask for it again.');
  }
  await tx
    .update(approvals)
    .set({ carriedOutAt: sql`now()`, failure: null })
    .where(eq(approvals.id, id));
  return {
    ...{ id, tenantId, reason, askedBy, decidedBy },
    subject: parsedSubject(kind, approval.subject),
  };
}

/** Note what came of it, in words, in the transaction that took it. */
export async function noteOutcome(
  tx: PlatformTransaction,
  id: ApprovalId,
  outcome: string,
): Promise<void> {
  await tx.update(approvals).set({ outcome }).where(eq(approvals.id, id));
}

/** Note why carrying it out failed: it may be tried again until it expires. */
export async function noteFailure(
  tx: PlatformTransaction,
  id: ApprovalId,
  failure: string,
): Promise<void> {
  await tx
    .update(approvals)
    .set({ failure })
    .where(and(eq(approvals.id, id), isNull(approvals.carriedOutAt)));
}
