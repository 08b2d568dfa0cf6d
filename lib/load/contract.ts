import { z } from 'zod';

/** What can need a person of the staff, most urgent first. */
export const needKinds = [
  'alerts',
  'stuck_runs',
  'broken_connections',
  'failed_deletions',
  'deletions',
  'approvals',
  'support_requests',
  'failing_streams',
  'failed_exports',
  'parked_runs',
] as const;
export type NeedKind = (typeof needKinds)[number];

interface NeedWords {
  readonly title: string;
  /** Why it waits, and for what. */
  readonly meaning: string;
  /** The list that shows exactly these. */
  readonly href: string;
  /** The part of a named tenant's page that shows it. */
  readonly tenantPart?: string;
  readonly tone: 'danger' | 'warning' | 'info';
}

export const needWords: Readonly<Record<NeedKind, NeedWords>> = {
  alerts: {
    title: 'Open alerts',
    meaning: 'Open until somebody of the staff acknowledges them.',
    href: '/admin/alerts?state=open',
    tone: 'danger',
  },
  stuck_runs: {
    title: 'Stuck runs',
    meaning:
      'A quarter of an hour in the queue, or an hour without a step. Those that nobody works on are ended as failed by themselves; if some stay, look at the engine.',
    href: '/admin/runs?stuck=yes',
    tone: 'danger',
  },
  broken_connections: {
    title: 'Broken connections',
    meaning: 'Wait for somebody in their organisation to consent again.',
    href: '/admin/connections',
    tone: 'warning',
  },
  deletions: {
    title: 'Deletions waiting',
    meaning: 'Asked for and not done: in their grace, or under way.',
    href: '/admin/deletions?state=open',
    tone: 'warning',
  },
  failed_deletions: {
    title: 'Deletions that fail',
    meaning: 'A stage goes wrong and is tried again.',
    href: '/admin/deletions?state=failing',
    tone: 'danger',
  },
  approvals: {
    title: 'Approvals waiting',
    meaning: 'Asked for by one of the staff; a second person decides.',
    href: '/admin/approvals',
    tone: 'warning',
  },
  support_requests: {
    title: 'Support access asked for',
    meaning: 'Wait for an owner of the organisation.',
    href: '/admin/support-requests?state=waiting',
    tenantPart: 'support',
    tone: 'info',
  },
  failing_streams: {
    title: 'Failing streams',
    meaning: 'Audit events do not arrive where an organisation wants them.',
    href: '/admin/streams?state=failing',
    tone: 'warning',
  },
  failed_exports: {
    title: 'Failed exports',
    meaning: 'Failed within a week, and nobody has asked for the same again.',
    href: '/admin/exports?needs=yes',
    tone: 'warning',
  },
  parked_runs: {
    title: 'Parked runs',
    meaning:
      'Put off for longer than a quarter of an hour, as by a provider that asks for patience.',
    href: '/admin/runs?parked=yes',
    tone: 'info',
  },
};

export interface Need {
  readonly kind: NeedKind;
  readonly count: number;
  /** Since when the oldest waits; ISO 8601. */
  readonly oldest: string | null;
  /** Whose it is, where few have it: those that wait longest. */
  readonly tenants: readonly { readonly id: string; readonly name: string }[];
}

/** How far back the overview looks, in hours. */
export const loadWindows = { '3h': 3, '24h': 24, '7d': 168 } as const;
export type LoadWindow = keyof typeof loadWindows;
export const defaultWindow: LoadWindow = '24h';
export const windowWords: Readonly<Record<LoadWindow, string>> = {
  '3h': 'Last 3 hours',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
};

const windows = Object.keys(loadWindows) as [LoadWindow, ...LoadWindow[]];

/** The window as it stands in the URL. An unusable one is dropped. */
export const loadFilter = z.object({ window: z.enum(windows).optional().catch(undefined) });
export type LoadFilter = z.output<typeof loadFilter>;

/** How the platform fared within a few minutes; null where nobody looked. */
export interface LoadPoint {
  /** Its start, ISO 8601. */
  readonly at: string;
  /** Answers a minute, of pages, routes and actions. */
  readonly requests: number | null;
  /** Of a hundred answers, how many had a status of 500 and above. */
  readonly errorPercent: number | null;
  /** Milliseconds that an answer took on average. */
  readonly answerMs: number | null;
  /** At most, of due work that nobody was at. */
  readonly waiting: number | null;
  /** At most, in milliseconds. */
  readonly oldestWaitMs: number | null;
}

/** Work of one tenant that waits, now and over the window. */
export interface TenantQueue {
  readonly tenantId: string;
  readonly tenantName: string | null;
  /** Due now, and nobody at it. */
  readonly waiting: number;
  readonly oldestWaitMs: number;
  /** As it was at the beginning of each point of the window. */
  readonly history: readonly number[];
}

export interface ConsoleOverview {
  readonly needs: readonly Need[];
  readonly window: LoadWindow;
  readonly points: readonly LoadPoint[];
  /** Those whose work waits, or waited within the window; the longest first. */
  readonly queues: readonly TenantQueue[];
  readonly now: {
    readonly waiting: number;
    readonly running: number;
    readonly oldestWaitMs: number;
    readonly workers: number;
  };
}
