import { z } from 'zod';

/** What can be bounded for a tenant, and what is so unless staff said otherwise. */
export const limitDefaults = {
  automations: 200,
  members: 500,
  runsAtOnce: 4,
  runsPerMonth: 100_000,
  providerBudgetPercent: 100,
  retentionRunsDays: 365,
  retentionLogsDays: 400,
  retentionResourcesDays: 90,
} as const;

export type LimitKey = keyof typeof limitDefaults;
/** A tenant's limits with the platform's defaults filled in. */
export type TenantLimits = Readonly<Record<LimitKey, number>>;
/** What was said for one tenant; null where the platform's default holds. */
export type OwnLimits = Readonly<Record<LimitKey, number | null>>;

export const limitKeys = Object.keys(limitDefaults) as readonly LimitKey[];

/** Of a tenant's limits, how long things are kept. */
export const retentionKeys = [
  'retentionRunsDays',
  'retentionLogsDays',
  'retentionResourcesDays',
] as const satisfies readonly LimitKey[];
export type RetentionKey = (typeof retentionKeys)[number];

/** Days of notice that owners have before things are kept for less time. */
export const retentionNoticeDays = 7;

/** Owners are to be told how long things are kept. Carried out though their tenant is held. */
export const retentionChanged = 'tenant/retention-changed';

/** A figure of retention that takes the place of a higher one. */
export interface LaterRetention {
  readonly key: RetentionKey;
  readonly days: number;
  /** From when on; ISO 8601 in UTC. */
  readonly from: string;
}

interface LimitWords {
  readonly title: string;
  /** After the number: `3 automations`, `30 days`. */
  readonly unit: string;
  readonly help: string;
  readonly least: number;
  readonly most: number;
}

/** The words and the bounds of each; the database asks for the lower bounds too. */
export const limitWords: Readonly<Record<LimitKey, LimitWords>> = {
  automations: {
    title: 'Automations',
    unit: 'automations',
    help: 'That are there at once, switched on or off. Removed ones do not count.',
    least: 0,
    most: 100_000,
  },
  members: {
    title: 'Members',
    unit: 'members',
    help: 'Members and open invitations together.',
    least: 1,
    most: 100_000,
  },
  runsAtOnce: {
    title: 'Runs at once',
    unit: 'at once',
    help: 'Runs that are being worked on side by side; the others wait their turn.',
    least: 1,
    most: 100,
  },
  runsPerMonth: {
    title: 'Runs a month',
    unit: 'runs a month',
    help: 'By calendar months in UTC. Dry runs count.',
    least: 0,
    most: 10_000_000,
  },
  providerBudgetPercent: {
    title: 'Share of the providers’ budgets',
    unit: '%',
    help: 'Of the calls that Google, Microsoft and Slack allow an account, how many we make.',
    least: 1,
    most: 100,
  },
  retentionRunsDays: {
    title: 'Runs are kept',
    unit: 'days',
    help: 'Runs that have ended, with their steps and reports.',
    least: 1,
    most: 3_650,
  },
  retentionLogsDays: {
    title: 'Logs are kept',
    unit: 'days',
    help: 'Provider calls, mails and refused accesses. The audit is kept for good.',
    least: 1,
    most: 3_650,
  },
  retentionResourcesDays: {
    title: 'Gone resources are kept',
    unit: 'days',
    help: 'What was found at a provider once and is not there any more.',
    least: 1,
    most: 3_650,
  },
};

/** How far a tenant is with what it may have; what is no count is left out. */
export interface LimitUse {
  readonly automations: number;
  readonly members: number;
  readonly runsPerMonth: number;
}

const own = (key: LimitKey) => {
  const { least, most } = limitWords[key];
  const words = `Give a whole number from ${least} to ${most.toLocaleString('en')}, or leave it empty.`;
  return z.number(words).int(words).min(least, words).max(most, words).nullable();
};

/** A tenant's own limits, as staff give them; null goes back to the platform's default. */
export const ownLimits = z.object({
  automations: own('automations'),
  members: own('members'),
  runsAtOnce: own('runsAtOnce'),
  runsPerMonth: own('runsPerMonth'),
  providerBudgetPercent: own('providerBudgetPercent'),
  retentionRunsDays: own('retentionRunsDays'),
  retentionLogsDays: own('retentionLogsDays'),
  retentionResourcesDays: own('retentionResourcesDays'),
}) satisfies z.ZodType<OwnLimits>;

/** The limits in force, from what was said for the tenant. */
export function withDefaults(said: Partial<OwnLimits> | undefined): TenantLimits {
  return Object.fromEntries(
    limitKeys.map((key) => [key, said?.[key] ?? limitDefaults[key]]),
  ) as unknown as TenantLimits;
}
