import { z } from 'zod';

export const memberRoles = ['owner', 'admin', 'member', 'viewer'] as const;
export type MemberRole = (typeof memberRoles)[number];

/** What a member may do, and from which role on. */
const allowedFor = {
  'overview:read': ['owner', 'admin', 'member', 'viewer'],
  'connections:read': ['owner', 'admin', 'member', 'viewer'],
  'connections:manage': ['owner', 'admin'],
  'resources:read': ['owner', 'admin', 'member', 'viewer'],
  'automations:read': ['owner', 'admin', 'member', 'viewer'],
  'automations:manage': ['owner', 'admin', 'member'],
  'runs:read': ['owner', 'admin', 'member', 'viewer'],
  'runs:start': ['owner', 'admin', 'member'],
  'reports:read': ['owner', 'admin', 'member', 'viewer'],
  'audit:read': ['owner', 'admin'],
  'audit:export': ['owner', 'admin'],
  'members:read': ['owner', 'admin', 'member', 'viewer'],
  'members:manage': ['owner', 'admin'],
  'tenant:manage': ['owner'],
} as const satisfies Record<string, readonly MemberRole[]>;

export type Permission = keyof typeof allowedFor;
export const permissions = Object.keys(allowedFor) as readonly Permission[];

/** Whether a role carries a permission. Decides what is shown; the server asks the same question. */
export function can(role: MemberRole, permission: Permission): boolean {
  return (allowedFor[permission] as readonly MemberRole[]).includes(role);
}

export const roleDescriptions: Readonly<Record<MemberRole, string>> = {
  owner: 'Everything, including the organisation itself and who owns it',
  admin: 'Connections, automations, members and the audit',
  member: 'Makes and runs automations on existing connections',
  viewer: 'Looks, and changes nothing',
};

/** An organisation's name as people type it: one line, no control or direction-changing signs. */
export const tenantName = z
  .string()
  .trim()
  .min(2, 'Use at least 2 characters.')
  .max(80, 'Use at most 80 characters.')
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u, 'Use letters, digits and ordinary signs only.');

/** One of a person's organisations. */
export interface OrganisationSummary {
  readonly id: string;
  readonly name: string;
  readonly role: MemberRole;
  readonly state: 'active' | 'suspended' | 'deleting';
}

/** A row of the members list. */
export interface MemberSummary {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly role: MemberRole;
  /** ISO 8601. */
  readonly joinedAt: string;
}

/** An invitation that nobody has accepted yet. */
export interface InvitationSummary {
  readonly id: string;
  readonly email: string;
  readonly role: MemberRole;
  readonly invitedBy: string;
  /** ISO 8601. */
  readonly invitedAt: string;
  /** ISO 8601. */
  readonly expiresAt: string;
  readonly expired: boolean;
}

/** Which roles a member may give, take away or remove: nobody but an owner touches owners. */
export function manageableRoles(role: MemberRole): readonly MemberRole[] {
  if (role === 'owner') return memberRoles;
  return role === 'admin' ? memberRoles.filter((each) => each !== 'owner') : [];
}
