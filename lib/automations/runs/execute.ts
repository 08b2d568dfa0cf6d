import { and, eq, type RunId, sql, type TenantTransaction, withTenant } from '@/db';
import { runSteps, runs } from '@/db/schema';
import { stopIfLost } from '@/lib/jobs';
import { isFinished } from '../contract';
import { advance, recordOf } from './advance';
import { endRun, summarize } from './end';
import {
  type JobScope,
  type LoadedRun,
  loadAround,
  loadSteps,
  lockRun,
  type StepRow,
} from './load';
import { plainJson } from './plain-json';
import { earlierOf, resolveStep } from './plan';
import { forRecord } from './record';
import { StepWork } from './step-work';
import { type Verdict, verdictOf } from './verdict';
import { keepReport } from './write-report';

/** A step that failed, with what the engine is to do about it. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';

  constructor(
    readonly verdict: Exclude<Verdict, { next: 'stop' }>,
    cause: unknown,
  ) {
    super(verdict.reason, { cause });
  }
}

/** The organisation was suspended since the job was looked at: the run waits where it is. */
const untilResumed = {
  next: 'put off',
  reason: 'The organisation is suspended.',
  seconds: 5,
} as const;

/** The run locked and loaded, or null when there is nothing (more) to do for it. */
async function openRun(
  tx: TenantTransaction,
  scope: JobScope,
  runId: RunId,
): Promise<LoadedRun | null> {
  const run = await lockRun(tx, scope, runId);
  if (isFinished(run.state)) return null;
  const loaded = await loadAround(tx, scope, run);
  if (loaded.held) throw new StepFailed(untilResumed, null);
  if (run.cancelRequestedAt !== null) {
    await endRun(tx, loaded, { state: 'cancelled' });
    return null;
  }
  if (loaded.obstacle !== null) {
    await endRun(tx, loaded, { state: 'failed', error: loaded.obstacle });
    return null;
  }
  return loaded;
}

/**
 * Take up a run: from then on it is running, and its first step is planned.
 * @returns the key of the first step; null when there is nothing to do
 */
export function beginRun(scope: JobScope, runId: RunId): Promise<string | null> {
  return withTenant(scope, async (tx) => {
    const loaded = await openRun(tx, scope, runId);
    if (!loaded) return null;
    const startedAt = loaded.run.startedAt ?? new Date();
    await tx
      .update(runs)
      .set({ state: 'running', startedAt })
      .where(and(eq(runs.tenantId, scope.tenantId), eq(runs.id, runId)));
    return advance(tx, { ...loaded, facts: { ...loaded.facts, now: startedAt } });
  });
}

/** End a run whose steps are all done. */
export function finishRun(scope: JobScope, runId: RunId): Promise<void> {
  return withTenant(scope, async (tx) => {
    const loaded = await openRun(tx, scope, runId);
    if (!loaded) return;
    await endRun(tx, loaded, { state: 'succeeded', summary: await summarize(tx, loaded) });
  });
}

/** End a run that cannot go on. Nothing happens when it has ended already. */
export function failRun(scope: JobScope, runId: RunId, reason: string): Promise<void> {
  return withTenant(scope, async (tx) => {
    const loaded = await openRun(tx, scope, runId);
    if (loaded) await endRun(tx, loaded, { state: 'failed', error: reason });
  });
}

interface BegunStep {
  readonly loaded: LoadedRun;
  readonly step: StepRow;
  readonly earlier: Readonly<Record<string, unknown>>;
}
type Begin =
  | { readonly to: 'do'; readonly begun: BegunStep }
  | { readonly to: 'go on'; readonly next: string | null };

const ownStep = ({ tenantId, id }: Pick<StepRow, 'tenantId' | 'id'>) =>
  and(eq(runSteps.tenantId, tenantId), eq(runSteps.id, id));

function beginStep(scope: JobScope, runId: RunId, key: string): Promise<Begin> {
  return withTenant(scope, async (tx) => {
    const loaded = await openRun(tx, scope, runId);
    if (!loaded) return { to: 'go on', next: null };
    const rows = await loadSteps(tx, scope, runId);
    const step = rows.find((row) => row.key === key);
    if (!step) throw new Error(`run ${runId} has no step ${key}`);
    // Done, but the engine was stopped before it could remember: the answer is the same again.
    if (step.state === 'succeeded') return { to: 'go on', next: await advance(tx, loaded) };
    const earlier = earlierOf(
      loaded.template,
      rows.filter(({ state }) => state === 'succeeded' || state === 'skipped').map(recordOf),
    );
    await tx
      .update(runSteps)
      .set({
        state: 'running',
        attempts: sql`${runSteps.attempts} + 1`,
        startedAt: step.startedAt ?? new Date(),
        error: null,
      })
      .where(ownStep(step));
    return { to: 'do', begun: { loaded, step, earlier } };
  });
}

/** What the record keeps of an attempt: redacted, and the changes in words. */
const outputRecord = (work: StepWork, result: unknown) => ({
  result: forRecord(result),
  changes: work.changes,
  changeCount: work.changeCount,
});

function completeStep(
  scope: JobScope,
  { loaded, step }: BegunStep,
  work: StepWork,
  carry: unknown,
): Promise<string | null> {
  return withTenant(scope, async (tx) => {
    const run = await lockRun(tx, scope, loaded.run.id);
    if (isFinished(run.state)) return null;
    await tx
      .update(runSteps)
      .set({
        state: 'succeeded',
        finishedAt: new Date(),
        output: outputRecord(work, carry),
        carry,
      })
      .where(ownStep(step));
    if (work.report) await keepReport(tx, loaded, work.report);
    if (run.cancelRequestedAt !== null) {
      await endRun(tx, { ...loaded, run }, { state: 'cancelled' });
      return null;
    }
    return advance(tx, { ...loaded, run });
  });
}

function recordFailure(
  scope: JobScope,
  { loaded, step }: BegunStep,
  work: StepWork,
  verdict: Verdict,
  lastAttempt: boolean,
): Promise<void> {
  return withTenant(scope, async (tx) => {
    const run = await lockRun(tx, scope, loaded.run.id);
    if (isFinished(run.state)) return;
    const output = outputRecord(work, null);
    if (verdict.next === 'stop') {
      await tx.update(runSteps).set({ output }).where(ownStep(step));
      return endRun(tx, { ...loaded, run }, { state: 'cancelled' });
    }
    const final = verdict.next === 'fail' || (lastAttempt && verdict.next === 'retry');
    await tx
      .update(runSteps)
      .set({
        state: final ? 'failed' : 'retrying',
        error: final ? verdict.reason : `${verdict.reason} We will try again.`,
        output,
        ...(final ? { finishedAt: new Date() } : {}),
      })
      .where(ownStep(step));
    if (final) {
      const error = `${step.title}: ${verdict.reason}`;
      await endRun(tx, { ...loaded, run }, { state: 'failed', error });
    }
  });
}

/**
 * Do one step, from wherever an earlier attempt has left it.
 * @param lastAttempt whether the engine will not try again after this one
 * @returns the key of the step that comes next; null when the run is done or has ended
 * @throws StepFailed, recorded on the step; nothing else unless the database fails
 */
export async function runStep(
  scope: JobScope,
  runId: RunId,
  key: string,
  lastAttempt: boolean,
): Promise<string | null> {
  const begin = await beginStep(scope, runId, key);
  if (begin.to === 'go on') return begin.next;
  const { begun } = begin;
  const { loaded, step, earlier } = begun;
  const work = new StepWork(loaded, step);
  let carry: unknown;
  try {
    const { action, input } = resolveStep(loaded.template, key, {
      parameters: loaded.run.parameters,
      run: loaded.facts,
      earlier,
    });
    await withTenant(scope, (tx) =>
      tx
        .update(runSteps)
        .set({ input: forRecord(plainJson(input)) })
        .where(ownStep(step)),
    );
    carry = plainJson(await action.run(work, input));
  } catch (error) {
    // Another attempt has the run now: what is on record of the step is that one's.
    stopIfLost();
    const verdict = verdictOf(error);
    await recordFailure(scope, begun, work, verdict, lastAttempt);
    if (verdict.next === 'stop') return null;
    throw new StepFailed(verdict, error);
  }
  return completeStep(scope, begun, work, carry);
}
