import {
  type MemberRole,
  manageableRoles,
  roleDescriptions,
  type WorkspaceRole,
} from '@/lib/tenancy/contract';

const labels: Readonly<Record<MemberRole, string>> = {
  owner: 'Owner',
  admin: 'Admin',
  member: 'Member',
  viewer: 'Viewer',
};

export const roleLabel = (role: MemberRole) => labels[role];

/** The roles that a member may give, with what each allows. */
export function roleOptions(by: WorkspaceRole) {
  return manageableRoles(by).map((role) => ({
    value: role,
    label: labels[role],
    description: roleDescriptions[role],
  }));
}
