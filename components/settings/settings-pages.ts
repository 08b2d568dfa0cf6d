import { can, type Permission, type WorkspaceRole } from '@/lib/tenancy/contract';

interface SettingsPage {
  readonly label: string;
  readonly href: string;
  readonly permission: Permission;
}

const pages: readonly SettingsPage[] = [
  { label: 'Organisation', href: '/settings', permission: 'tenant:manage' },
  { label: 'Support access', href: '/settings/support', permission: 'tenant:manage' },
  { label: 'Exports', href: '/settings/exports', permission: 'audit:export' },
  { label: 'Streams', href: '/settings/streams', permission: 'streams:manage' },
  { label: 'Retention and deletion', href: '/settings/deletion', permission: 'tenant:manage' },
];

/** The pages of the settings that a role may see, in their order; the first is where one enters. */
export function settingsPagesOf(role: WorkspaceRole): readonly SettingsPage[] {
  return pages.filter(({ permission }) => can(role, permission));
}
