import { settingsPagesOf } from '@/components/settings/settings-pages';
import { type NavItem, type PlaceId, workspacePlaces } from '@/components/shell/navigation';
import { can, type Permission, type WorkspaceRole } from '@/lib/tenancy/contract';

/** What it takes to be shown a place. The page behind it asks again. */
const needed: Partial<Record<PlaceId, Permission>> = {
  overview: 'overview:read',
  connections: 'connections:read',
  resources: 'resources:read',
  automations: 'automations:read',
  runs: 'runs:read',
  reports: 'reports:read',
  audit: 'audit:read',
  'access-log': 'access:read',
  usage: 'usage:read',
  trust: 'trust:read',
  members: 'members:read',
};

/**
 * The places of the workspace that a role is shown. The settings are there for whoever may see any
 * page of them, and lead to the first of those.
 */
export function placesOf(role: WorkspaceRole): NavItem[] {
  const [settings] = settingsPagesOf(role);
  return workspacePlaces.flatMap((id): NavItem[] => {
    if (id === 'settings') return settings ? [{ id, href: settings.href }] : [];
    const permission = needed[id];
    return permission !== undefined && can(role, permission) ? [{ id }] : [];
  });
}
