import { engine, type JobId } from '@/db';
import { inngest } from './client';
import { jobsMode } from './mode';

/** Sent when a job is cancelled; its data is `{ jobId }`. */
export const jobCancelled = 'job/cancelled';

/** For a function's `cancelOn`: it stops before its next step once its job is cancelled. */
export const cancelOnJob = [{ event: jobCancelled, match: 'data.jobId' }];

/**
 * Stop the functions that a job started. A step under way comes to its end; what follows does not
 * begin. On Inngest this reaches functions with `cancelOn: cancelOnJob`.
 * @returns how many ended at once; 0 on Inngest, which does not say
 */
export async function cancelRun(jobId: JobId): Promise<number> {
  if (jobsMode() === 'embedded') return engine.cancelRunsOfEvent(engine.engineStore(), jobId);
  await inngest.send({ name: jobCancelled, data: { jobId } });
  return 0;
}
