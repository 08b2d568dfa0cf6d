import { and, eq, inArray, type TenantTransaction } from '@/db';
import { type RunState, runSteps, runs } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { leaveUnclear } from '@/lib/connections';
import { isFinished, type SummaryLine } from '../contract';
import { recordOf } from './advance';
import { type KnownRun, type LoadedRun, loadSteps } from './load';
import { earlierOf } from './plan';

interface Ending {
  readonly state: Extract<RunState, 'succeeded' | 'failed' | 'cancelled'>;
  readonly error?: string;
  readonly summary?: readonly SummaryLine[];
}

const unfinished = ['queued', 'running', 'retrying'] as const;

/**
 * End a locked run, once: its state, its steps that were not finished, what it carried, and the
 * audit event. What was done stays on record; a change that nobody can tell of is unclear.
 */
export async function endRun(
  tx: TenantTransaction,
  { run, context, facts }: KnownRun,
  { state, error, summary }: Ending,
): Promise<void> {
  if (isFinished(run.state)) return;
  const finishedAt = new Date();
  const ownSteps = and(eq(runSteps.tenantId, context.tenantId), eq(runSteps.runId, run.id));
  await tx
    .update(runSteps)
    .set({ state: 'cancelled', finishedAt })
    .where(and(ownSteps, inArray(runSteps.state, [...unfinished])));
  await tx.update(runSteps).set({ carry: null }).where(ownSteps);
  await leaveUnclear(tx, context, run.id);
  await tx
    .update(runs)
    .set({
      state,
      finishedAt,
      ...(error ? { error } : {}),
      ...(summary ? { summary: { lines: summary } } : {}),
    })
    .where(and(eq(runs.tenantId, context.tenantId), eq(runs.id, run.id)));
  await recordAudit(tx, context, {
    action: 'run.finished',
    target: { type: 'run', id: run.id, name: facts.automationName },
    outcome: state === 'failed' ? 'failure' : 'success',
    connectionId: run.connectionId,
    details: { state, dryRun: run.dryRun, ...(error ? { error } : {}) },
  });
}

/** The run's result in its template's words. */
export async function summarize(
  tx: TenantTransaction,
  { run, template, facts, context }: LoadedRun,
): Promise<readonly SummaryLine[]> {
  const records = (await loadSteps(tx, context, run.id)).map(recordOf);
  return template.summary({
    parameters: run.parameters,
    earlier: earlierOf(template, records),
    run: facts,
  });
}
