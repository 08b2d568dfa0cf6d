import { inngest } from '@/lib/jobs';
import { probeFaults } from './probe';
import { refreshAhead } from './refresh-ahead';
import { noticeUnsteady } from './unsteady';

/** Keeps connections alive, every minute. At most one at a time; a minute that is missed is made up for. */
export const connectionUpkeep = inngest.createFunction(
  {
    id: 'connection-upkeep',
    name: 'Keep connections alive',
    triggers: [{ cron: '* * * * *' }],
    concurrency: { limit: 1 },
    retries: 0,
  },
  async ({ step }) => {
    const incidents = await step.run('unsteady', () => noticeUnsteady());
    await step.run('probe', async () => {
      await probeFaults();
      return null;
    });
    const refreshed = await step.run('refresh', () => refreshAhead());
    return { incidents, refreshed };
  },
);
