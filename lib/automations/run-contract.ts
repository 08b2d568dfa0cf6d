import { z } from 'zod';
import type { ConnectionState } from '@/lib/connections/contract';
import { idOf } from '@/lib/ids/contract';

export type ParameterValues = Readonly<Record<string, unknown>>;

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
