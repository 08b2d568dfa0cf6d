export { AdminShell, type AdminShellProps } from './admin-shell';
export { AppShell, type AppShellProps } from './app-shell';
export { AuthShell, type AuthShellProps } from './auth-shell';
export { Banner, type BannerProps } from './banner';
export { DemoBanner } from './demo-banner';
export { type NavItem, type PlaceId, places } from './navigation';
export { QueryScope } from './query-scope';
export { SkipLink } from './skip-link';
export type { Organisation, Person, SignOut, SwitchOrganisation } from './types';
