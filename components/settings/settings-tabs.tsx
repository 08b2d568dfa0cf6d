import { TabNav } from '@/components/ui';
import type { WorkspaceRole } from '@/lib/tenancy/contract';
import { settingsPagesOf } from './settings-pages';

/** Leads between the pages of the settings. */
export function SettingsTabs({ role }: { role: WorkspaceRole }) {
  return (
    <div className="mb-6">
      <TabNav label="Settings" items={settingsPagesOf(role)} />
    </div>
  );
}
