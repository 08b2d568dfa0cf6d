import { z } from 'zod';
import {
  type ApprovalId,
  alias,
  and,
  desc,
  eq,
  gt,
  inArray,
  isNull,
  lt,
  ne,
  type PlatformTransaction,
  type SQL,
  sql,
} from '@/db';
import { approvals, type StaffRole, staff as staffTable, users } from '@/db/schema';
import { decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import type { ApprovingStaff } from './ask';
import {
  type ApprovalKind,
  type ApprovalRow,
  type ApprovalState,
  approvalKinds,
  approvalWords,
  mayDecide,
} from './contract';

const askers = alias(users, 'askers');
const deciders = alias(users, 'deciders');
const askingStaff = alias(staffTable, 'asking_staff');
const decidingStaff = alias(staffTable, 'deciding_staff');

const columns = {
  approval: approvals,
  askerName: askers.name,
  askerRole: askingStaff.role,
  deciderName: deciders.name,
  deciderRole: decidingStaff.role,
} as const;

interface Joined {
  readonly approval: typeof approvals.$inferSelect;
  readonly askerName: string | null;
  /** Their role now; null for whoever is not staff any more. */
  readonly askerRole: StaffRole | null;
  readonly deciderName: string | null;
  readonly deciderRole: StaffRole | null;
}

const gone = 'Somebody who is gone';
const iso = (at: Date | null) => at?.toISOString() ?? null;

function stateOf({ decision, carriedOutAt, expiresAt }: Joined['approval']): ApprovalState {
  if (carriedOutAt) return 'carried_out';
  if (decision === 'declined') return 'declined';
  if (expiresAt.getTime() <= Date.now()) return 'expired';
  return decision ? 'approved' : 'waiting';
}

function yoursOf(
  { kind, askedBy, subject }: Joined['approval'],
  staff: ApprovingStaff,
): ApprovalRow['yours'] {
  if (askedBy === staff.userId) return 'asked';
  if (kind === 'staff.change' && subject.userId === staff.userId) return 'nothing';
  return mayDecide(staff.role, kind) ? 'decide' : 'nothing';
}

/** By the same rule as it is approved and taken; what is over is missed by nobody. */
function missingOf({ approval, askerRole, deciderRole }: Joined): ApprovalRow['missing'] {
  const state = stateOf(approval);
  if (state !== 'waiting' && state !== 'approved') return null;
  if (!askerRole) return 'asker';
  if (state === 'waiting' || (deciderRole && mayDecide(deciderRole, approval.kind))) return null;
  return 'approver';
}

function rowOf(row: Joined, staff: ApprovingStaff): ApprovalRow {
  const { approval, askerName, deciderName } = row;
  const { id, kind, tenantId, reason, note, outcome, failure, askedBy, decidedBy } = approval;
  return {
    ...{ id, kind, tenantId, reason, note, outcome, failure },
    state: stateOf(approval),
    words: approvalWords(kind, approval.subject),
    askedBy: { id: askedBy, name: askerName ?? gone },
    askedAt: approval.askedAt.toISOString(),
    expiresAt: approval.expiresAt.toISOString(),
    decidedBy: decidedBy && { id: decidedBy, name: deciderName ?? gone },
    decidedAt: iso(approval.decidedAt),
    carriedOutAt: iso(approval.carriedOutAt),
    missing: missingOf(row),
    yours: yoursOf(approval, staff),
  };
}

/** Support sees what it may decide on and what it asked for; a platform admin sees all. */
function visibleTo({ role, userId }: ApprovingStaff): SQL | undefined {
  if (role === 'platform_admin') return undefined;
  const kinds = approvalKinds.filter((kind: ApprovalKind) => mayDecide(role, kind));
  return sql`(${inArray(approvals.kind, kinds)} or ${eq(approvals.askedBy, userId)})`;
}

const rows = (tx: PlatformTransaction) =>
  tx
    .select(columns)
    .from(approvals)
    .leftJoin(askers, eq(askers.id, approvals.askedBy))
    .leftJoin(askingStaff, eq(askingStaff.userId, approvals.askedBy))
    .leftJoin(deciders, eq(deciders.id, approvals.decidedBy))
    .leftJoin(decidingStaff, eq(decidingStaff.userId, approvals.decidedBy));

const open = () => and(isNull(approvals.decidedAt), gt(approvals.expiresAt, sql`now()`));

/** What waits for a second person, as far as this one sees it: what their list of it shows. */
export const waitingApprovals = (staff: ApprovingStaff): SQL | undefined =>
  and(open(), visibleTo(staff));

const position = z.tuple([z.uuid().transform((id) => id as ApprovalId)]);

/**
 * A page of what was asked for, newest first.
 * @throws PublicError `invalid_input` for a cursor that is not ours
 */
export async function browseApprovals(
  tx: PlatformTransaction,
  staff: ApprovingStaff,
  { waiting }: { readonly waiting: boolean },
  cursor?: string,
): Promise<Slice<ApprovalRow>> {
  const found = await rows(tx)
    .where(
      and(
        waiting ? waitingApprovals(staff) : visibleTo(staff),
        cursor ? lt(approvals.id, decodeCursor(position, cursor)[0]) : undefined,
      ),
    )
    .orderBy(desc(approvals.id))
    .limit(pageSize + 1);
  const slice = toSlice(found, ({ approval }) => [approval.id]);
  return { ...slice, items: slice.items.map((row) => rowOf(row, staff)) };
}

/** One of them, or undefined when it is not there or not theirs to see. */
export async function openApproval(
  tx: PlatformTransaction,
  staff: ApprovingStaff,
  id: ApprovalId,
): Promise<ApprovalRow | undefined> {
  const [row] = await rows(tx).where(and(eq(approvals.id, id), visibleTo(staff)));
  return row && rowOf(row, staff);
}

/** How many wait for this person's decision. */
export async function countWaiting(
  tx: PlatformTransaction,
  staff: ApprovingStaff,
): Promise<number> {
  const [row] = await tx
    .select({ count: sql<number>`count(*)::int` })
    .from(approvals)
    .where(
      and(
        waitingApprovals(staff),
        ne(approvals.askedBy, staff.userId),
        sql`not (${approvals.kind} = 'staff.change'
                 and ${approvals.subject} ->> 'userId' = ${staff.userId}::text)`,
      ),
    );
  return row?.count ?? 0;
}
