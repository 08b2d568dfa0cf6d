import type { ExportId } from '@/db';
import { cancelOnJob, inngest, jobContext, noticeForgedContext } from '@/lib/jobs';
import { withLogContext } from '@/lib/observability';
import { exportRequested } from './ask';
import { failExport, makeExport } from './make';
import { purgeExports } from './purge';

/** Makes the file of an export; one at a time in each organisation. */
export const exportMaking = inngest.createFunction(
  {
    id: 'export-making',
    name: 'Make an export',
    triggers: [{ event: exportRequested }],
    retries: 3,
    concurrency: { limit: 1, key: 'event.data.tenantId' },
    cancelOn: cancelOnJob,
    onFailure: async ({ event }) => {
      const { context, subjectId } = await jobContext(event.data.event);
      await failExport(context, subjectId as ExportId);
    },
  },
  async ({ event, step }) =>
    step.run('make', async () => {
      const job = await jobContext(event);
      const { context, subjectId } = job;
      const { tenantId, requestId } = context;
      await withLogContext({ tenantId, requestId }, () =>
        noticeForgedContext(job, () => makeExport(context, subjectId as ExportId)),
      );
    }),
);

/** Deletes files whose links have ended, every ten minutes. */
export const exportPurge = inngest.createFunction(
  {
    id: 'export-purge',
    name: 'Delete files of exports',
    triggers: [{ cron: '*/10 * * * *' }],
    concurrency: { limit: 1 },
    retries: 1,
  },
  async ({ step }) => ({ purged: await step.run('purge', () => purgeExports()) }),
);

/** What the background engine is given. */
export const exportFunctions = [exportMaking, exportPurge] as const;
