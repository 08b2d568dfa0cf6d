import { and, eq, load, type RunId, sql, type TenantTransaction, withTenant } from '@/db';
import { runSteps } from '@/db/schema';
import { jobsMode } from '@/lib/jobs';
import { logger } from '@/lib/observability';
import { isFinished } from '../contract';
import { endRun } from './end';
import { type JobScope, loadAround, lockRun } from './load';

/** Minutes without progress, and without work for it in the engine, after which a run is given up. */
const quietMinutes = 15;
/**
 * The same where the engine is Inngest's and cannot be asked: longer than the longest that a step is
 * put off for, which is about a day.
 */
const quietMinutesUnasked = 36 * 60;
/** Runs of one look; the next look takes the rest. */
const batch = 100;

const reason =
  'The work on it stopped without an ending, and nobody works on it any more. Where a change was under way its outcome is unclear: look at it before you run this again.';

/** Whether a step was begun, ended or planned lately: somebody may be at it after all. */
async function movedLately(
  tx: TenantTransaction,
  { tenantId }: JobScope,
  runId: RunId,
  minutes: number,
): Promise<boolean> {
  const [row] = await tx
    .select({
      moved: sql<boolean>`coalesce(max(greatest(${runSteps.queuedAt}, ${runSteps.startedAt}, ${runSteps.finishedAt}))
                           > now() - make_interval(mins => ${minutes}), false)`,
    })
    .from(runSteps)
    .where(and(eq(runSteps.tenantId, tenantId), eq(runSteps.runId, runId)));
  return row?.moved ?? false;
}

/**
 * End one run that nobody works on any more: as failed, with what was not finished cancelled and
 * changes whose outcome nobody knows marked unclear. Whoever still works on it finds it ended.
 * @returns whether it was ended now
 */
function giveUp(scope: JobScope, runId: RunId, minutes: number): Promise<boolean> {
  return withTenant(scope, async (tx) => {
    const run = await lockRun(tx, scope, runId);
    if (isFinished(run.state)) return false;
    if (await movedLately(tx, scope, runId, minutes)) return false;
    const loaded = await loadAround(tx, scope, run);
    // What is held goes on later: its work is kept.
    if (loaded.held) return false;
    await endRun(
      tx,
      loaded,
      run.cancelRequestedAt === null ? { state: 'failed', error: reason } : { state: 'cancelled' },
    );
    return true;
  });
}

/**
 * End runs that are neither done nor worked on, so that their schedules go on: the engine has no work
 * for them (its own failed for good, or was lost), and they have not moved for a quarter of an hour.
 * @returns how many were ended
 */
export async function endStuckRuns(): Promise<number> {
  const embedded = jobsMode() === 'embedded';
  const minutes = embedded ? quietMinutes : quietMinutesUnasked;
  const found = embedded
    ? await load.abandonedRuns(minutes, batch)
    : await load.runsUnfinishedFor(minutes, batch);
  let ended = 0;
  for (const { tenantId, runId } of found) {
    try {
      if (await giveUp({ tenantId, requestId: `stuck-${runId}` }, runId, minutes)) ended += 1;
    } catch (error) {
      logger.error({ err: error, tenant_id: tenantId, run_id: runId }, 'A stuck run was not ended');
    }
  }
  return ended;
}
