import { z } from 'zod';
import type { ConnectionState } from '@/lib/connections/contract';
import { idOf } from '@/lib/ids/contract';
import type { Authority, ProviderKey } from '@/lib/providers/contract';

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
    | {
        readonly kind: 'text' | 'paragraph';
        readonly default: string;
        readonly maxLength: number;
      }
    | {
        readonly kind: 'number';
        readonly default: number;
        readonly min: number;
        readonly max: number;
        /** Written after the number, e.g. `days`. */
        readonly unit: string;
      }
    | { readonly kind: 'email' | 'timeZone' | 'time' | 'channel'; readonly default: string }
    | { readonly kind: 'domains' | 'emails' | 'calendars'; readonly default: readonly string[] }
  );

export type ParameterValues = Readonly<Record<string, unknown>>;

/** The pictures that templates go by. */
export const templateIcons = [
  'newsletter',
  'label',
  'attachment',
  'agenda',
  'sharing',
  'focus',
  'message',
  'channel',
  'archive',
] as const;
export type TemplateIcon = (typeof templateIcons)[number];

/** A template as people choose it. */
export interface TemplateView {
  readonly key: string;
  readonly title: string;
  /** What it does for a person, in one or two sentences. */
  readonly description: string;
  readonly icon: TemplateIcon;
  /** Where it works. */
  readonly providers: readonly ProviderKey[];
  /** What it must be allowed to do, by kind of connection, each in words. */
  readonly permissions: readonly KindPermissions[];
  /** A whole organisation's connection must be told whose mail, calendar or files are meant. */
  readonly concernsPerson: boolean;
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

/** What one kind of connection must be allowed. */
export interface KindPermissions {
  readonly provider: ProviderKey;
  readonly authority: Authority;
  readonly permissions: readonly PermissionView[];
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

/** A connection as an automation can be made on it. */
export interface ConnectionChoice {
  readonly id: string;
  readonly provider: ProviderKey;
  readonly authority: Authority;
  readonly label: string;
  readonly state: ConnectionState;
  /** Why it can't be used for the template at hand; null when it can. */
  readonly fault: string | null;
  /** Scopes that it was not given yet and the template takes. */
  readonly missing: readonly string[];
  readonly calendars: readonly Choice[];
  readonly channels: readonly Choice[];
}

/** Something found at the provider that can be chosen. */
export interface Choice {
  readonly id: string;
  readonly name: string;
}

export interface LastRun {
  readonly id: string;
  readonly state: RunState;
  readonly dryRun: boolean;
  readonly at: string;
}

/** A line of the list of automations. Instants are ISO 8601 in UTC. */
export interface AutomationRow {
  readonly id: string;
  readonly name: string;
  readonly template: string;
  /** The template's title; its key where this version does not know it. */
  readonly templateTitle: string;
  readonly icon: TemplateIcon | null;
  readonly trigger: TriggerView;
  readonly enabled: boolean;
  readonly nextRunAt: string | null;
  readonly connection: {
    readonly id: string;
    readonly label: string;
    readonly state: ConnectionState;
  };
  readonly lastRun: LastRun | null;
}

export interface AutomationView extends AutomationRow {
  readonly parameters: ParameterValues;
  readonly createdAt: string;
  readonly createdBy: string | null;
  readonly archivedAt: string | null;
}

/** Filters of the runs as they stand in the URL. An unusable one is dropped. */
export const runFilter = z.object({
  state: z.enum(runStates).optional().catch(undefined),
  automation: idOf('automation').optional().catch(undefined),
  dry: z.enum(['yes', 'no']).optional().catch(undefined),
});
export type RunFilter = z.output<typeof runFilter>;

export interface RunRowView {
  readonly id: string;
  readonly automationId: string;
  readonly automationName: string;
  readonly state: RunState;
  readonly dryRun: boolean;
  readonly trigger: RunTrigger;
  /** The member who asked for it; null when the schedule did. */
  readonly startedBy: string | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly error: string | null;
}

export interface RunStepView {
  readonly id: string;
  readonly key: string;
  readonly action: string;
  readonly title: string;
  readonly state: StepState;
  readonly attempts: number;
  readonly queuedAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** Why it failed, is tried again, or was left out. */
  readonly error: string | null;
  /** How many changes it made, or in a dry run would make. */
  readonly changes: number;
}

export interface RunView extends RunRowView {
  readonly cancelRequestedAt: string | null;
  readonly rerunOf: string | null;
  readonly parameters: ParameterValues;
  readonly summary: readonly SummaryLine[];
  readonly connection: {
    readonly id: string;
    readonly label: string;
    readonly state: ConnectionState;
  };
  readonly automationArchived: boolean;
  readonly steps: readonly RunStepView[];
  /** Titles of what is still to come, as far as it is known. */
  readonly upcoming: readonly string[];
  readonly reports: readonly { readonly id: string; readonly title: string }[];
  /** The server's clock, for bars that grow. */
  readonly now: string;
}

export interface EffectView {
  readonly id: string;
  readonly action: string;
  readonly target: string;
  readonly state: 'intended' | 'done' | 'failed' | 'unclear';
  readonly reference: string | null;
  readonly at: string;
  /** The latest event on the record that tells of it. */
  readonly eventId: string | null;
}

export interface StepCallView {
  readonly id: string;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly status: number | null;
  readonly outcome: string;
  /** Milliseconds. */
  readonly durationMs: number;
  readonly attempt: number;
  /** Of the change that it was made for, where there is no doubt which. */
  readonly eventId: string | null;
}

/** A list of which only the beginning is shown. */
export interface Excerpt<Item> {
  readonly items: readonly Item[];
  readonly total: number;
}

/** All that is on record of one step. */
export interface StepDetail extends RunStepView {
  readonly input: unknown;
  readonly output: unknown;
  readonly changed: readonly WouldChange[];
  readonly calls: Excerpt<StepCallView>;
  readonly effects: Excerpt<EffectView>;
}

export interface ReportRowView {
  readonly id: string;
  readonly title: string;
  readonly runId: string;
  readonly automationId: string;
  readonly automationName: string;
  readonly rowCount: number;
  readonly createdAt: string;
}

export interface ReportView extends ReportRowView {
  readonly columns: readonly ReportColumn[];
}

export interface ReportLine {
  readonly position: number;
  readonly cells: ReportCells;
}
