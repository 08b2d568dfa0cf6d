export { AdminShell, type AdminShellProps } from './admin-shell';
export { AppShell, type AppShellProps, workspacePlaces } from './app-shell';
export { AuthShell, type AuthShellProps } from './auth-shell';
export { DemoBanner } from './demo-banner';
export { type NavItem, type PlaceId, places } from './navigation';
export { QueryScope } from './query-scope';
export type { Organisation, Person, SignOut, SwitchOrganisation } from './types';
