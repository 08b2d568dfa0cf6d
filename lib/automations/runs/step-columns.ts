import { sql } from '@/db';
import { runSteps } from '@/db/schema';
import type { RunStepView, WouldChange } from '../contract';

/** What a step's record keeps of its output, see `runs/execute.ts`. */
export interface OutputRecord {
  readonly result?: unknown;
  readonly changes?: readonly WouldChange[];
  readonly changeCount?: number;
}

/** What a list of steps shows of each. */
export const stepColumns = {
  id: runSteps.id,
  key: runSteps.key,
  action: runSteps.action,
  title: runSteps.title,
  state: runSteps.state,
  attempts: runSteps.attempts,
  queuedAt: runSteps.queuedAt,
  startedAt: runSteps.startedAt,
  finishedAt: runSteps.finishedAt,
  error: runSteps.error,
  changes: sql<number>`coalesce((${runSteps.output} ->> 'changeCount')::int, 0)`,
};

type StepShape = Omit<RunStepView, 'queuedAt' | 'startedAt' | 'finishedAt'> & {
  readonly queuedAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
};

export function toStep({ queuedAt, startedAt, finishedAt, ...rest }: StepShape): RunStepView {
  return {
    ...rest,
    queuedAt: queuedAt.toISOString(),
    startedAt: startedAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}
