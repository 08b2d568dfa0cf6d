import type { ProviderKey } from '@/lib/providers/contract';

export {
  checkSchedule,
  isTimeZone,
  nextTime,
  nextTimes,
  type ScheduleCheck,
  type ScheduleField,
  shortestIntervalMinutes,
} from './schedule';
export {
  choiceOf,
  cronOf,
  type ScheduleChoice,
  type SchedulePreset,
  schedulePresets,
  scheduleWords,
  weekdayNames,
} from './schedule-words';

interface FieldWords {
  readonly label: string;
  readonly hint?: string;
}

/** How one parameter of a template is asked for. */
export type FieldDescriptor = FieldWords &
  (
    | { readonly kind: 'text'; readonly default: string; readonly maxLength: number }
    | {
        readonly kind: 'number';
        readonly default: number;
        readonly min: number;
        readonly max: number;
        /** Written after the number, e.g. `days`. */
        readonly unit: string;
      }
    | { readonly kind: 'email' | 'timeZone' | 'time'; readonly default: string }
    | { readonly kind: 'domains' | 'calendars'; readonly default: readonly string[] }
  );

export type ParameterValues = Readonly<Record<string, unknown>>;

/** The pictures that templates go by. */
export const templateIcons = ['newsletter', 'attachment', 'agenda', 'sharing', 'focus'] as const;
export type TemplateIcon = (typeof templateIcons)[number];

/** A template as people choose it. */
export interface TemplateView {
  readonly key: string;
  readonly title: string;
  /** What it does for a person, in one or two sentences. */
  readonly description: string;
  readonly icon: TemplateIcon;
  readonly provider: ProviderKey;
  /** What it is allowed to do at the provider, each in words. */
  readonly permissions: readonly PermissionView[];
  readonly fields: Readonly<Record<string, FieldDescriptor>>;
  readonly steps: readonly { readonly key: string; readonly title: string }[];
  /** Whether it changes anything outside, or only reads and reports. */
  readonly changes: boolean;
  readonly suggestedCron: string;
}

export interface PermissionView {
  readonly scope: string;
  readonly title: string;
}

export type TriggerView =
  | { readonly type: 'manual' }
  | { readonly type: 'schedule'; readonly cron: string; readonly timeZone: string };

export const runStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type RunState = (typeof runStates)[number];
export const stepStates = [
  'queued',
  'running',
  'retrying',
  'succeeded',
  'failed',
  'cancelled',
  'skipped',
] as const;
export type StepState = (typeof stepStates)[number];
export type RunTrigger = 'manual' | 'schedule' | 'rerun';

/** Whether nothing more will come of it. */
export function isFinished(state: RunState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}

/** One line of what came of a run. */
export interface SummaryLine {
  readonly label: string;
  readonly value: string | number;
}

/** A change as a dry run foresees it, or as a person reads it on the record. */
export interface WouldChange {
  /** The provider's name of what would be changed. */
  readonly target: string;
  /** The same in words that a person recognises. */
  readonly title: string;
  /** Null where there is nothing yet. */
  readonly before: string | null;
  readonly after: string;
}

export interface ReportColumn {
  readonly key: string;
  readonly label: string;
  readonly type: 'text' | 'number' | 'instant' | 'bytes' | 'link';
}
export type ReportCells = Readonly<Record<string, string | number | null>>;
