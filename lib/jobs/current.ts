/** When the work that a function is doing now was due, and when it was begun. */
export interface CurrentJob {
  readonly queuedAt: Date;
  readonly startedAt: Date;
}

const jobs = new Map<string, CurrentJob>();

/** Make the times of a call known while it lasts. */
export function beginJob(callId: string, queuedAt: Date): void {
  jobs.set(callId, { queuedAt, startedAt: new Date() });
}

export function endJob(callId: string): void {
  jobs.delete(callId);
}

/**
 * Times of the step at hand. Steps of one function that follow upon one another without a pause have
 * each the end of the one before as their time of queueing.
 * @param jobId `ctx.jobId` of the function
 * @returns undefined on Inngest, which keeps these times itself
 */
export function currentJob(jobId: string | undefined): CurrentJob | undefined {
  return jobId === undefined ? undefined : jobs.get(jobId);
}
