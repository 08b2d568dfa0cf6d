import {
  Activity,
  BellRing,
  Building2,
  ChartArea,
  ChartColumn,
  Cog,
  Eye,
  FileDown,
  FolderTree,
  Gauge,
  IdCard,
  LayoutDashboard,
  LifeBuoy,
  type LucideIcon,
  MailCheck,
  Plug,
  Radio,
  RefreshCcw,
  ScrollText,
  Settings,
  ShieldCheck,
  ShieldX,
  Stethoscope,
  Trash2,
  Unplug,
  Users,
  UsersRound,
  Workflow,
} from 'lucide-react';

interface Place {
  readonly label: string;
  readonly href: string;
  readonly icon: LucideIcon;
}

/** Every entry of the two consoles' navigation. Pages decide which of them a person is given. */
export const places = {
  overview: { label: 'Overview', href: '/overview', icon: LayoutDashboard },
  connections: { label: 'Connections', href: '/connections', icon: Plug },
  resources: { label: 'Resources', href: '/resources', icon: FolderTree },
  automations: { label: 'Automations', href: '/automations', icon: Workflow },
  runs: { label: 'Runs', href: '/runs', icon: Activity },
  reports: { label: 'Reports', href: '/reports', icon: ChartColumn },
  usage: { label: 'Usage', href: '/usage', icon: ChartArea },
  audit: { label: 'Audit', href: '/audit', icon: ScrollText },
  'access-log': { label: 'Refused access', href: '/access-log', icon: ShieldX },
  trust: { label: 'Trust', href: '/trust', icon: ShieldCheck },
  members: { label: 'Members', href: '/members', icon: Users },
  settings: { label: 'Settings', href: '/settings', icon: Settings },
  'admin-overview': { label: 'Overview', href: '/admin', icon: LayoutDashboard },
  'admin-tenants': { label: 'Tenants', href: '/admin/tenants', icon: Building2 },
  'admin-connections': {
    label: 'Broken connections',
    href: '/admin/connections',
    icon: Unplug,
  },
  'admin-runs': { label: 'Runs', href: '/admin/runs', icon: Activity },
  'admin-engine': { label: 'Engine', href: '/admin/engine', icon: Cog },
  'admin-alerts': { label: 'Alerts', href: '/admin/alerts', icon: BellRing },
  'admin-approvals': { label: 'Approvals', href: '/admin/approvals', icon: UsersRound },
  'admin-reconsent': { label: 'Reconsent', href: '/admin/reconsent', icon: RefreshCcw },
  'admin-deletions': { label: 'Deletions', href: '/admin/deletions', icon: Trash2 },
  'admin-support': {
    label: 'Support requests',
    href: '/admin/support-requests',
    icon: LifeBuoy,
  },
  'admin-streams': { label: 'Streams', href: '/admin/streams', icon: Radio },
  'admin-exports': { label: 'Exports', href: '/admin/exports', icon: FileDown },
  'admin-access-log': { label: 'Refused access', href: '/admin/access-log', icon: ShieldX },
  'admin-audit': { label: 'Audit', href: '/admin/audit', icon: ScrollText },
  'admin-doctor': { label: 'Doctor', href: '/admin/doctor', icon: Stethoscope },
  'admin-queries': { label: 'Slowest queries', href: '/admin/queries', icon: Gauge },
  'admin-staff': { label: 'Staff', href: '/admin/staff', icon: IdCard },
  'admin-looks': { label: 'Staff’s looks', href: '/admin/looks', icon: Eye },
  'admin-outbox': { label: 'Outbox', href: '/admin/outbox', icon: MailCheck },
} as const satisfies Record<string, Place>;

export type PlaceId = keyof typeof places;

export interface NavItem {
  readonly id: PlaceId;
  /** Where it leads this person, when that is not the place's own address but one below it. */
  readonly href?: string;
  /** How many things there wait for the person. */
  readonly count?: number;
}

/** All of the console lies below its first page, and is not part of it. */
const holdsOthers = (id: PlaceId) => id === 'admin-overview';

/** The place that `pathname` lies in: of several, the most exact. */
export function currentPlace(items: readonly NavItem[], pathname: string): PlaceId | undefined {
  return items
    .map((item) => item.id)
    .filter(
      (id) =>
        pathname === places[id].href ||
        (!holdsOthers(id) && pathname.startsWith(`${places[id].href}/`)),
    )
    .sort((a, b) => places[b].href.length - places[a].href.length)[0];
}

/** The places of the console, under headings; those without one come first. */
const consoleSections: Readonly<Partial<Record<PlaceId, string>>> = {
  'admin-connections': 'Across tenants',
  'admin-reconsent': 'Across tenants',
  'admin-runs': 'Across tenants',
  'admin-streams': 'Across tenants',
  'admin-exports': 'Across tenants',
  'admin-support': 'Across tenants',
  'admin-deletions': 'Across tenants',
  'admin-audit': 'On record',
  'admin-access-log': 'On record',
  'admin-looks': 'On record',
  'admin-staff': 'Platform',
  'admin-engine': 'Platform',
  'admin-doctor': 'Platform',
  'admin-queries': 'Platform',
  'admin-outbox': 'Platform',
};

export interface NavSection {
  /** None for the first. */
  readonly title: string | undefined;
  readonly items: readonly NavItem[];
}

/** The places of the console by their headings, each in the order given. */
export function consoleNav(items: readonly NavItem[]): readonly NavSection[] {
  const titles = [...new Set(items.map(({ id }) => consoleSections[id]))];
  return titles.map((title) => ({
    title,
    items: items.filter(({ id }) => consoleSections[id] === title),
  }));
}

/** The workspace's places in order; a page filters them by permission. */
export const workspacePlaces = (Object.keys(places) as PlaceId[]).filter(
  (id) => !id.startsWith('admin-'),
);
