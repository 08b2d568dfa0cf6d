import { inngest, jobContext, noticeForgedContext, patiently } from '@/lib/jobs';
import { withLogContext } from '@/lib/observability';
import { incidentChanged } from './record';
import { tellIncidents } from './tell';

/** What breaks within this time of each other is told in one mail. */
const together = '20s';

/** Tells of what has broken, or works again, and of all like it that has come up meanwhile. */
export const incidentNotice = inngest.createFunction(
  {
    id: 'connection-incident',
    name: 'Tell of a broken connection',
    triggers: [{ event: incidentChanged }],
    retries: 6,
    concurrency: { limit: 1, key: 'event.data.tenantId' },
  },
  async ({ event, step }) => {
    await patiently(step, 'is it true', async () => {
      await jobContext(event);
      return null;
    });
    await step.sleep('let more come', together);
    return patiently(step, 'tell', async () => {
      const job = await jobContext(event);
      const { tenantId, requestId } = job.context;
      return withLogContext({ tenantId, requestId }, () =>
        noticeForgedContext(job, () => tellIncidents(job.context)),
      );
    });
  },
);
