import { NonRetriableError, RetryAfterError } from 'inngest';
import type { RunId } from '@/db';
import {
  inngest,
  type JobEvent,
  jobContext,
  noticeForgedContext,
  type PutOff,
  patiently,
} from '@/lib/jobs';
import { logger, withLogContext } from '@/lib/observability';
import { beginRun, failRun, finishRun, runStep, StepFailed } from './runs/execute';
import { runRequested } from './runs/request';
import { startDueRuns } from './runs/scheduler';
import { endStuckRuns } from './runs/stuck';

/** Steps of one organisation that are carried out side by side, so that none crowds out the rest. */
const stepsPerTenant = 4;
const retries = 3;

/** Tell the engine what a failed step is worth: never again, at a given time, or by its own backoff. */
function forEngine(error: unknown): unknown {
  if (!(error instanceof StepFailed)) return error;
  const { verdict } = error;
  if (verdict.next === 'fail') return new NonRetriableError(verdict.reason);
  if (verdict.seconds !== null) {
    return new RetryAfterError(verdict.reason, verdict.seconds * 1_000);
  }
  return error;
}

/** A step that has only to wait is put off: it has not failed. */
async function orPutOff<Result>(work: () => Promise<Result>): Promise<Result | PutOff> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StepFailed) || error.verdict.next !== 'put off') throw error;
    return { putOffFor: error.verdict.seconds };
  }
}

/** Executes a run: each step is memoized by the engine, and each is safe to be begun again. */
export const automationRun = inngest.createFunction(
  {
    id: 'automation-run',
    name: 'Run an automation',
    triggers: [{ event: runRequested }],
    retries,
    concurrency: { limit: stepsPerTenant, key: 'event.data.tenantId' },
    onFailure: async ({ event, step }) => {
      await patiently(step, 'fail', () =>
        inScope(event.data.event, ({ scope, runId }) =>
          orPutOff(() =>
            failRun(scope, runId, 'It was tried several times and did not get through.'),
          ),
        ),
      );
    },
  },
  async ({ event, step, attempt, maxAttempts }) => {
    const lastAttempt = attempt + 1 >= (maxAttempts ?? retries + 1);
    const work = <Result>(name: string, fn: (scope: Scope) => Promise<Result>) =>
      patiently(step, name, () => inScope(event, (scope) => orPutOff(() => fn(scope))));
    let key = await work('begin', ({ scope, runId }) => beginRun(scope, runId));
    while (key !== null) {
      const current: string = key;
      key = await work(current, ({ scope, runId }) => runStep(scope, runId, current, lastAttempt));
    }
    await work('finish', ({ scope, runId }) => finishRun(scope, runId));
  },
);

type Job = Awaited<ReturnType<typeof jobContext>>;
interface Scope {
  readonly scope: Job['context'];
  readonly runId: RunId;
}

/** Work under the tenant of the job's own row, with its ids on every log line. */
async function inScope<Result>(
  event: JobEvent,
  fn: (scope: Scope) => Promise<Result>,
): Promise<Result> {
  const job = await jobContext(event);
  const { context, subjectId } = job;
  const runId = subjectId as RunId;
  const { tenantId, requestId } = context;
  return withLogContext({ tenantId, requestId, runId }, async () => {
    try {
      return await noticeForgedContext(job, () => fn({ scope: context, runId }));
    } catch (error) {
      const cause = error instanceof StepFailed ? error.cause : error;
      logger.warn({ err: cause }, 'a step of a run failed');
      throw forEngine(error);
    }
  });
}

/** Looks every minute for what is due. After a standstill each automation is started once. */
export const automationScheduler = inngest.createFunction(
  {
    id: 'automation-scheduler',
    name: 'Start what is due',
    triggers: [{ cron: '* * * * *' }],
    concurrency: { limit: 1 },
    retries: 0,
  },
  async ({ step }) => step.run('start', () => startDueRuns()),
);

/** Ends what nobody works on any more: a run that never ends would silence its schedule. */
export const stuckRunsEnd = inngest.createFunction(
  {
    id: 'automation-stuck-runs',
    name: 'End runs that are stuck',
    triggers: [{ cron: '*/5 * * * *' }],
    concurrency: { limit: 1 },
    retries: 0,
  },
  async ({ step }) => ({ ended: await step.run('end', () => endStuckRuns()) }),
);

/** What the background engine is given. */
export const automationFunctions = [automationRun, automationScheduler, stuckRunsEnd] as const;
