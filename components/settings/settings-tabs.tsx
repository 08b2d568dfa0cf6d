import { TabNav } from '@/components/ui';
import { can, type WorkspaceRole } from '@/lib/tenancy/contract';

/** The pages of the settings that a member may see. */
const pages = [
  { label: 'Organisation', href: '/settings', permission: 'tenant:manage' },
  { label: 'Support access', href: '/settings/support', permission: 'tenant:manage' },
  { label: 'Exports', href: '/settings/exports', permission: 'audit:export' },
  { label: 'Streams', href: '/settings/streams', permission: 'streams:manage' },
  { label: 'Retention and deletion', href: '/settings/deletion', permission: 'tenant:manage' },
] as const;

/** Leads between the pages of the settings. */
export function SettingsTabs({ role }: { role: WorkspaceRole }) {
  const items = pages.filter(({ permission }) => can(role, permission));
  return (
    <div className="mb-6">
      <TabNav label="Settings" items={items} />
    </div>
  );
}
