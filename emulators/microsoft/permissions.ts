/** Template ids of directory roles. Source: https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference */
export const directoryRoles = {
  globalAdministrator: '62e90394-69f5-4237-9190-012177145e10',
  privilegedRoleAdministrator: 'e8611ab8-c189-46e8-94e1-60213ab1f814',
  applicationAdministrator: '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3',
  cloudApplicationAdministrator: '158c047a-c907-4556-b7ef-446551a6b5f7',
  helpdeskAdministrator: '729827e3-9c14-49f7-bb1b-9608f156bbb8',
} as const;

export const roleNames: Readonly<Record<string, string>> = {
  [directoryRoles.globalAdministrator]: 'Global Administrator',
  [directoryRoles.privilegedRoleAdministrator]: 'Privileged Role Administrator',
  [directoryRoles.applicationAdministrator]: 'Application Administrator',
  [directoryRoles.cloudApplicationAdministrator]: 'Cloud Application Administrator',
  [directoryRoles.helpdeskAdministrator]: 'Helpdesk Administrator',
};

const any = (roles: readonly string[], wanted: readonly string[]) =>
  roles.some((role) => wanted.includes(role));

/** Who may give an app its application permissions for Graph. */
export const mayGrantRoles = (roles: readonly string[]) =>
  any(roles, [directoryRoles.globalAdministrator, directoryRoles.privilegedRoleAdministrator]);

/** Who may give delegated permissions that take an administrator. */
export const mayGrantScopes = (roles: readonly string[]) =>
  mayGrantRoles(roles) ||
  any(roles, [
    directoryRoles.applicationAdministrator,
    directoryRoles.cloudApplicationAdministrator,
  ]);

/** Delegated permissions that take an administrator. Source: https://learn.microsoft.com/graph/permissions-reference */
const adminOnly = [
  /^(?:Directory|Group|GroupMember|Organization|RoleManagement|Application)\./,
  /^User\.(?:Read|ReadWrite)\.All$/,
  /^(?:Sites\.(?:FullControl|Manage)|ChannelMessage\.Read|TeamSettings|AuditLog)\./,
];
export const needsAdmin = (scope: string) => adminOnly.some((pattern) => pattern.test(scope));

export const identityScopes = ['openid', 'profile', 'email', 'offline_access'] as const;
const isIdentity = (scope: string) => (identityScopes as readonly string[]).includes(scope);

const graphResource = 'https://graph.microsoft.com/';
export const defaultScope = `${graphResource}.default`;

/** The scopes of a request by their short names; without what is no scope of Graph's. */
export function requestedScopes(scope: string): string[] {
  const names = scope.split(' ').filter(Boolean);
  const short = names.map((name) =>
    name.startsWith(graphResource) ? name.slice(graphResource.length) : name,
  );
  return [...new Set(short)];
}

/** What Graph itself is asked for: the part of a scope list that ends up in `scp`. */
export const graphScopes = (scopes: readonly string[]) =>
  scopes.filter((scope) => scope !== 'offline_access');

export const isKnownScope = (scope: string) =>
  isIdentity(scope) || /^[A-Z][A-Za-z]+\.[A-Za-z.]+$/.test(scope);

/** Microsoft's own words, shortened. Source: https://learn.microsoft.com/graph/permissions-reference */
const titles: Readonly<Record<string, string>> = {
  'User.Read': 'Sign you in and read your profile',
  'User.Read.All': 'Read all users’ full profiles',
  'Organization.Read.All': 'Read organisation information',
  'RoleManagement.Read.Directory': 'Read all directory role settings',
  'Mail.Read': 'Read mail',
  'Mail.ReadWrite': 'Read and write mail',
  'Mail.Send': 'Send mail',
  'MailboxSettings.ReadWrite': 'Read and write mailbox settings',
  'Calendars.Read': 'Read calendars',
  'Calendars.ReadWrite': 'Read and write calendars',
  'Files.Read': 'Read your files',
  'Files.Read.All': 'Read files in all site collections',
  'Sites.Read.All': 'Read items in all site collections',
  'Team.ReadBasic.All': 'Read the names and descriptions of teams',
  'Channel.ReadBasic.All': 'Read the names and descriptions of channels',
  'ChannelMessage.Read.All': 'Read all channel messages',
  'ChannelMessage.Send': 'Send channel messages',
};

/** What people are told of a permission on the consent page. */
export function permissionTitle(scope: string): string {
  const title = titles[scope];
  return title ? `${title} (${scope})` : scope;
}
