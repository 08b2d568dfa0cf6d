import { z } from 'zod';
import { idOf } from '@/lib/ids/contract';
import { typedName } from '@/lib/names/contract';

export const memberRoles = ['owner', 'admin', 'member', 'viewer'] as const;
export type MemberRole = (typeof memberRoles)[number];

/**
 * Staff in a support session: they look, and with a second person's approval also mend. No member has
 * these, and nobody can be given them.
 */
export const supportRoles = ['support', 'support_mending'] as const;
export type SupportRole = (typeof supportRoles)[number];
/** Whoever works in a workspace. */
export type WorkspaceRole = MemberRole | SupportRole;

/**
 * What one may do, and who may. Support sees how things stand and never what they hold: no names of
 * what was discovered, no reports, nothing that a run read or wrote, no secret, no file to take away.
 */
const allowedFor = {
  'overview:read': ['owner', 'admin', 'member', 'viewer', 'support', 'support_mending'],
  'connections:read': ['owner', 'admin', 'member', 'viewer', 'support', 'support_mending'],
  'connections:manage': ['owner', 'admin'],
  'connections:discover': ['owner', 'admin', 'support_mending'],
  'resources:read': ['owner', 'admin', 'member', 'viewer'],
  'automations:read': ['owner', 'admin', 'member', 'viewer', 'support', 'support_mending'],
  'automations:manage': ['owner', 'admin', 'member'],
  'automations:switch': ['owner', 'admin', 'member', 'support_mending'],
  'runs:read': ['owner', 'admin', 'member', 'viewer', 'support', 'support_mending'],
  'runs:contents': ['owner', 'admin', 'member', 'viewer'],
  'runs:start': ['owner', 'admin', 'member'],
  'runs:mend': ['owner', 'admin', 'member', 'support_mending'],
  'reports:read': ['owner', 'admin', 'member', 'viewer'],
  'usage:read': ['owner', 'admin'],
  'audit:read': ['owner', 'admin'],
  'audit:export': ['owner', 'admin'],
  'streams:manage': ['owner', 'admin'],
  'access:read': ['owner', 'admin'],
  'trust:read': ['owner', 'admin'],
  'members:read': ['owner', 'admin', 'member', 'viewer', 'support', 'support_mending'],
  'members:manage': ['owner', 'admin'],
  'tenant:manage': ['owner'],
  // Of the person, whichever organisation they are in.
  'account:own': ['owner', 'admin', 'member', 'viewer'],
  'organisations:switch': ['owner', 'admin', 'member', 'viewer'],
} as const satisfies Record<string, readonly WorkspaceRole[]>;

export type Permission = keyof typeof allowedFor;
export const permissions = Object.keys(allowedFor) as readonly Permission[];

/** Whether a role carries a permission. Decides what is shown; the server asks the same question. */
export function can(role: WorkspaceRole, permission: Permission): boolean {
  return (allowedFor[permission] as readonly WorkspaceRole[]).includes(role);
}

/** What only mending needs: with these, and with no others, support changes anything at all. */
export const mendingPermissions = permissions.filter(
  (permission) => can('support_mending', permission) && !can('support', permission),
);

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

/** An organisation's name. */
export const tenantName = typedName({ min: 2, max: 80 });

/** A support session that is under way, as those in it and those looked at are told of it. */
export interface SupportEntry {
  readonly id: string;
  readonly staffName: string;
  readonly reason: string;
  readonly ticket: string | null;
  /** ISO 8601. */
  readonly startedAt: string;
  /** ISO 8601. */
  readonly endsAt: string;
  /** A second person has let it mend too. */
  readonly mends: boolean;
}

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
export function manageableRoles(role: WorkspaceRole): readonly MemberRole[] {
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
