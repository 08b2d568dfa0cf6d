import { purgeQueryFigures } from '@/db';
import { inngest } from '@/lib/jobs';

/** Forgets every night what queries took more than 14 days ago. */
export const queryFiguresPurge = inngest.createFunction(
  {
    id: 'query-figures-purge',
    name: 'Forget old query figures',
    triggers: [{ cron: '17 3 * * *' }],
    concurrency: { limit: 1 },
    retries: 2,
  },
  async ({ step }) => step.run('purge', () => purgeQueryFigures()),
);

/** What the background engine is given. */
export const queryFunctions = [queryFiguresPurge] as const;
