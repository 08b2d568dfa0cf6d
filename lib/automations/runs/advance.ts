import { newId, type RunStepId, type TenantTransaction } from '@/db';
import { runSteps } from '@/db/schema';
import { type LoadedRun, loadSteps, type StepRow } from './load';
import { planNext, type StepRecord } from './plan';

export const recordOf = ({ key, state, carry }: StepRow): StepRecord => ({
  key,
  carry,
  skipped: state === 'skipped',
});

/**
 * Find the step that comes next, planning further ones where none is left. Runs in the transaction
 * that ends the step before: a step is never done without its follower being known.
 * @returns its key, or null when all is done
 */
export async function advance(tx: TenantTransaction, loaded: LoadedRun): Promise<string | null> {
  const { run, template, facts, context } = loaded;
  const rows = await loadSteps(tx, context, run.id);
  const waiting = rows.find(
    ({ state }) => state === 'queued' || state === 'running' || state === 'retrying',
  );
  if (waiting) return waiting.key;
  const planned = planNext(template, rows.map(recordOf), {
    parameters: run.parameters,
    run: facts,
  });
  if (planned.length === 0) return null;
  const now = new Date();
  await tx.insert(runSteps).values(
    planned.map(({ key, action, title, skip }, index) => ({
      tenantId: context.tenantId,
      id: newId<RunStepId>(),
      runId: run.id,
      position: rows.length + index,
      key,
      action,
      title,
      queuedAt: now,
      ...(skip === null ? {} : { state: 'skipped' as const, finishedAt: now, error: skip }),
    })),
  );
  return planned.find(({ skip }) => skip === null)?.key ?? null;
}
