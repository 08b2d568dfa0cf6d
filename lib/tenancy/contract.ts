import { z } from 'zod';
import { idOf } from '@/lib/ids/contract';

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
  'access:read': ['owner', 'admin'],
  'trust:read': ['owner', 'admin'],
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

/** An address as it is kept and compared: trimmed, lower case. */
export const emailAddress = z
  .string()
  .trim()
  .toLowerCase()
  // RFC 5321, 4.5.3.1.3: a path has at most 256 octets, the brackets included.
  .max(254, 'That address is too long.')
  .pipe(z.email('Enter an address such as name@example.com.'));

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

interface InvitationDetails {
  readonly tenantName: string;
  readonly inviter: string;
  readonly email: string;
  readonly role: MemberRole;
  /** Somebody has an account with the address that was invited. */
  readonly hasAccount: boolean;
}

export type OpenInvitation = InvitationDetails & { readonly state: 'open' };
export type ClosedInvitation =
  | { readonly state: 'unknown' | 'suspended' }
  | (InvitationDetails & { readonly state: 'expired' | 'revoked' | 'accepted' });

/** What an invitation's link leads to. */
export type InvitationView = OpenInvitation | ClosedInvitation;

export const inviteInput = z.object({ email: emailAddress, role: z.enum(memberRoles) });

export const revokeInput = z.object({
  invitationId: idOf('invitation'),
});

const memberId = idOf('member');

export const changeRoleInput = z.object({ memberId, role: z.enum(memberRoles) });

/** `typed` is the member's address, typed to confirm. */
export const removeMemberInput = z.object({ memberId, typed: z.string().max(254) });

export const renameInput = z.object({ name: tenantName });
