import { z } from 'zod';
import type { LimitAction } from '@/db/schema';

export type { LimitAction };

/** What is counted, in the order of lists. */
export const measures = [
  'runs',
  'steps',
  'providerCalls',
  'effects',
  'activeMembers',
  'storage',
] as const;
export type Measure = (typeof measures)[number];

interface MeasureWords {
  readonly title: string;
  /** What exactly is counted, and by which time. */
  readonly meaning: string;
  readonly unit: 'count' | 'bytes';
}

export const measureWords: Readonly<Record<Measure, MeasureWords>> = {
  runs: { title: 'Runs', meaning: 'Runs asked for, dry runs included.', unit: 'count' },
  steps: { title: 'Steps', meaning: 'Steps of runs that began.', unit: 'count' },
  providerCalls: {
    title: 'Provider calls',
    meaning: 'Calls to Google, Microsoft and Slack, repetitions included.',
    unit: 'count',
  },
  effects: {
    title: 'Changes made',
    meaning: 'Changes outside that were made: mail archived, messages posted, events booked.',
    unit: 'count',
  },
  activeMembers: {
    title: 'Active members',
    meaning: 'Members who did something that is on the audit record. Looking alone does not count.',
    unit: 'count',
  },
  storage: {
    title: 'Storage',
    meaning:
      'What the rows of your organisation hold in our database, measured every six hours while there is activity. Indexes are left out.',
    unit: 'bytes',
  },
};

/** How far back a report goes. Days and months are those of UTC. */
export const usagePeriods = ['24h', '7d', 'month', '30d', '90d'] as const;
export type UsagePeriod = (typeof usagePeriods)[number];

export const periodWords: Readonly<Record<UsagePeriod, string>> = {
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  month: 'This month',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
};

/** The period and the kind as they stand in the URL. An unusable one is dropped. */
export const usageFilter = z.object({
  period: z.enum(usagePeriods).optional().catch(undefined),
  kind: z.enum(measures).optional().catch(undefined),
});
export type UsageFilter = z.output<typeof usageFilter>;

export const defaultPeriod: UsagePeriod = '7d';

/** What was used within one hour or day. */
export type UsagePoint = Readonly<Record<Exclude<Measure, 'storage'>, number>> & {
  /** Its start, ISO 8601. */
  readonly at: string;
  /** At its end, in bytes; null before the first measurement. */
  readonly storage: number | null;
};

/** What of a tenant is bounded and can be used up. */
export const boundedKeys = ['runsPerMonth', 'automations', 'members'] as const;
export type BoundedKey = (typeof boundedKeys)[number];

/** How far a tenant is with what it may have. */
export interface LimitStanding {
  readonly key: BoundedKey;
  readonly title: string;
  readonly used: number;
  readonly most: number;
  /** Whole percent, rounded down: 100 is nothing left. */
  readonly percent: number;
}

export interface UsageReport {
  readonly period: UsagePeriod;
  /** ISO 8601; the first moment, and the one after the last. */
  readonly from: string;
  readonly to: string;
  readonly step: 'hour' | 'day';
  readonly points: readonly UsagePoint[];
  /** Over the whole period; of storage the latest, of members those who are distinct. */
  readonly totals: Omit<UsagePoint, 'at'>;
  readonly limits: readonly LimitStanding[];
  /** What happens at 100 % of the month's runs. */
  readonly atLimit: LimitAction;
}

/** From so many percent on, people are told. */
export const warnPercent = 80;

/** What an organisation's people are told of its limits. */
export interface PressingLimits {
  readonly limits: readonly LimitStanding[];
  /** Runs are not refused when the month's are used up. */
  readonly onlyTell: boolean;
}

/** Limits that somebody should know about. */
export const pressing = (limits: readonly LimitStanding[]): readonly LimitStanding[] =>
  limits.filter(({ percent }) => percent >= warnPercent);

export const limitActionWords: Readonly<Record<LimitAction, string>> = {
  refuse: 'Refuse new runs',
  tell: 'Only tell',
};

/** The same as people read it beside their limits. */
export const limitConsequence: Readonly<Record<LimitAction, string>> = {
  refuse:
    'Owners are told at 80 %. When the month’s runs are used up, new ones are refused and schedules skipped until the next month.',
  tell: 'Owners are told at 80 % and at 100 %. Runs go on when the month’s are used up.',
};

/** What staff may set. */
export const atLimitChoice = z.enum(['refuse', 'tell']);
