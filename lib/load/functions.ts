import { load } from '@/db';
import { inngest } from '@/lib/jobs';

/** Forgets every night how load stood more than 14 days ago. */
export const loadPurge = inngest.createFunction(
  {
    id: 'load-purge',
    name: 'Forget old load',
    triggers: [{ cron: '27 3 * * *' }],
    concurrency: { limit: 1 },
    retries: 2,
  },
  async ({ step }) => ({ purged: await step.run('purge', () => load.purgeLoad()) }),
);

/** What the background engine is given. */
export const loadFunctions = [loadPurge] as const;
