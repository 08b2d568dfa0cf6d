import type { ConnectionState } from '@/lib/connections/contract';
import type { Authority, ProviderKey } from '@/lib/providers/contract';
import type { ParameterValues, RunState } from './run-contract';

export * from './run-contract';
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
