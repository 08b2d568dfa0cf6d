import { and, eq, inArray, type RunId, withTenant } from '@/db';
import { runSteps, runs } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { PublicError } from '@/lib/errors';
import type { ActingContext } from '@/lib/tenancy';
import { isFinished } from '../contract';
import { endRun } from './end';
import { loadAround, lockRun } from './load';

/**
 * Stop a run. Where no step is being carried out (queued, or waiting to try again) it ends at once;
 * otherwise before the next change, or within about a second of looking. What was done stays done, and on record.
 * @param reason of staff, who stop a run that is not theirs; stands on the tenant's record
 * @throws PublicError `not_found`; `conflict` when it has finished
 */
export function cancelRun(context: ActingContext, runId: RunId, reason?: string): Promise<void> {
  return withTenant(context, async (tx) => {
    const run = await lockRun(tx, context, runId);
    if (isFinished(run.state)) {
      throw new PublicError('conflict', 'This run has finished already.');
    }
    if (run.cancelRequestedAt !== null) return;
    await tx
      .update(runs)
      .set({ cancelRequestedAt: new Date() })
      .where(and(eq(runs.tenantId, context.tenantId), eq(runs.id, runId)));
    const loaded = await loadAround(tx, context, run);
    await recordAudit(
      tx,
      { ...context, runId },
      {
        action: 'run.cancelled',
        target: { type: 'run', id: runId, name: loaded.facts.automationName },
        connectionId: run.connectionId,
        ...(reason ? { details: { reason } } : {}),
      },
    );
    const [busy] = await tx
      .select({ id: runSteps.id })
      .from(runSteps)
      .where(
        and(
          eq(runSteps.tenantId, context.tenantId),
          eq(runSteps.runId, runId),
          inArray(runSteps.state, ['running']),
        ),
      )
      .limit(1);
    if (!busy) await endRun(tx, loaded, { state: 'cancelled' });
  });
}
