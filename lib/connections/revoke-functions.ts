import type { ConnectionId } from '@/db';
import { inngest, type JobEvent, jobContext, noticeForgedContext, patiently } from '@/lib/jobs';
import { withLogContext } from '@/lib/observability';
import type { ActingContext } from '@/lib/tenancy';
import { toJobError } from './job-errors';
import { isLeft, revocationDue, takeBack } from './revoke';

/** Attempts after the one that was made on disconnecting; with their pauses, for about four hours. */
export const mostAttempts = 9;
/** Seconds before the first of them; doubles with each, up to an hour. */
const pauseSeconds = 60;
const longestPause = 3_600;

const pauseBefore = (attempt: number) =>
  Math.min(pauseSeconds * 2 ** (attempt - 1), longestPause) * 1_000;

async function inScope<Result>(
  event: JobEvent,
  work: (context: ActingContext, id: ConnectionId) => Promise<Result>,
): Promise<Result> {
  const job = await jobContext(event);
  const { tenantId, requestId } = job.context;
  return withLogContext({ tenantId, requestId }, () =>
    noticeForgedContext(job, async () => {
      try {
        return await work(job.context, job.subjectId as ConnectionId);
      } catch (error) {
        throw toJobError(error);
      }
    }),
  );
}

/** Takes back what a provider did not answer to when its connection was disconnected. */
export const grantRevocation = inngest.createFunction(
  {
    id: 'connection-revocation',
    name: 'Take a grant back',
    triggers: [{ event: revocationDue }],
    retries: 4,
    concurrency: { limit: 2, key: 'event.data.tenantId' },
  },
  async ({ event, step }) => {
    const left = await patiently(step, 'is any left', () => inScope(event, isLeft));
    if (!left) return null;
    for (let attempt = 1; ; attempt += 1) {
      await step.sleep(`before attempt ${attempt}`, pauseBefore(attempt));
      const last = attempt >= mostAttempts;
      const taken = await patiently(step, `attempt ${attempt}`, () =>
        inScope(event, (context, id) => takeBack(context, id, { last })),
      );
      if (!taken?.again) return taken;
    }
  },
);
