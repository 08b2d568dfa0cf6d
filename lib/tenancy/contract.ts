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
