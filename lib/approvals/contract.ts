import { z } from 'zod';

/** What no member of staff does alone; as the database knows them. */
export const approvalKinds = [
  'tenant.delete',
  'keys.shred',
  'staff.change',
  'export.across',
  'support.write',
] as const;
export type ApprovalKind = (typeof approvalKinds)[number];

/** Hours in which another person may decide, and in which it may be carried out. */
export const approvalHours = 24;

const staffRole = z.enum(['support', 'platform_admin']);
const person = {
  userId: z.string(),
  name: z.string(),
  email: z.string(),
};

/** A change to who is staff. */
export const staffChange = z.discriminatedUnion('change', [
  z.object({ change: z.literal('add'), ...person, role: staffRole }),
  z.object({ change: z.literal('role'), ...person, role: staffRole, before: staffRole }),
  z.object({ change: z.literal('remove'), ...person, before: staffRole }),
  z.object({ change: z.literal('reset-factor'), ...person }),
]);
export type StaffChange = z.output<typeof staffChange>;

/** What exactly is asked for, by kind. Names are as they were when it was asked. */
export const approvalSubjects = {
  'tenant.delete': z.looseObject({ tenantName: z.string() }),
  'keys.shred': z.looseObject({ tenantName: z.string() }),
  'staff.change': staffChange,
  /** `what` says in words what would be exported: "the audit record of 12 organisations". */
  'export.across': z.looseObject({ what: z.string() }),
  'support.write': z.looseObject({ tenantName: z.string(), sessionId: z.string() }),
} as const;
export type ApprovalSubject<Kind extends ApprovalKind> = z.output<(typeof approvalSubjects)[Kind]>;

const roles = { support: 'support', platform_admin: 'platform admin' } as const;

function staffWords(change: StaffChange): string {
  const who = `${change.name} (${change.email})`;
  switch (change.change) {
    case 'add':
      return `Make ${who} a member of staff, as ${roles[change.role]}.`;
    case 'role':
      return `Make ${who} ${roles[change.role]} instead of ${roles[change.before]}.`;
    case 'remove':
      return `Take ${who} off the staff, and end every session of theirs.`;
    case 'reset-factor':
      return `Take away the second factor that ${who} has lost, and end every session of theirs.`;
  }
}

/**
 * What will happen, in a sentence.
 * @param subject as the kind has it; one that is not says only the kind
 */
export function approvalWords(kind: ApprovalKind, subject: unknown): string {
  const read = approvalSubjects[kind].safeParse(subject);
  if (!read.success) return approvalTitles[kind];
  const is = read.data as Record<string, unknown>;
  switch (kind) {
    case 'tenant.delete':
      return `Delete the organisation ${is.tenantName}, with everything in it.`;
    case 'keys.shred':
      return `Destroy the keys of ${is.tenantName}: its connections, and all else that is sealed for it, are lost for good.`;
    case 'staff.change':
      return staffWords(read.data as StaffChange);
    case 'export.across':
      return `Export across organisations: ${is.what}.`;
    case 'support.write':
      return `Let a support session make changes at ${is.tenantName}, until it ends.`;
  }
}

/** The kinds, for lists. */
export const approvalTitles: Readonly<Record<ApprovalKind, string>> = {
  'tenant.delete': 'Delete an organisation',
  'keys.shred': 'Destroy keys',
  'staff.change': 'Change the staff',
  'export.across': 'Export across organisations',
  'support.write': 'Write in a support session',
};

/** Whether staff of this role may decide on this kind, if another asked for it. */
export const mayDecide = (role: 'support' | 'platform_admin', kind: ApprovalKind): boolean =>
  role === 'platform_admin' || kind === 'support.write';

export const approvalReason = z
  .string()
  .trim()
  .min(8, 'Say in a few words why: it stays on record.')
  .max(500, 'Use at most 500 characters.');

export const decisionNote = z
  .string()
  .trim()
  .min(3, 'Say in a few words what you looked at.')
  .max(500, 'Use at most 500 characters.');

/** How one stands. */
export type ApprovalState = 'waiting' | 'approved' | 'carried_out' | 'declined' | 'expired';

interface Somebody {
  readonly id: string;
  readonly name: string;
}

/** A line of the list. Times are ISO 8601 in UTC. */
export interface ApprovalRow {
  readonly id: string;
  readonly kind: ApprovalKind;
  readonly state: ApprovalState;
  readonly tenantId: string | null;
  /** What will happen, in a sentence. */
  readonly words: string;
  readonly reason: string;
  readonly askedBy: Somebody;
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly decidedBy: Somebody | null;
  readonly decidedAt: string | null;
  readonly note: string | null;
  readonly carriedOutAt: string | null;
  readonly outcome: string | null;
  readonly failure: string | null;
  /** Who is missing for it to be approved, or carried out: not staff any more, or not of that role. */
  readonly missing: 'asker' | 'approver' | null;
  /** Whether whoever looks may decide on it. */
  readonly yours: 'decide' | 'asked' | 'nothing';
}
