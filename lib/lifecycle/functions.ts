import { deletions } from '@/db';
import { inngest } from '@/lib/jobs';
import { advanceDeletion } from './advance';
import { remindDays } from './grace';
import { retentionNotice } from './retention/notices';
import { purgeAll } from './retention/purge';
import { deletionsChanged } from './wake';

/** Deletions looked up at a time, and looks of one run; what is left waits for the next minute. */
const batch = 5;
const looks = 20;

/**
 * Brings deletions forward, at once when one was asked for or undone, and every minute. One at a
 * time: what is erased in haste is felt by everybody. The event says nothing; the database knows
 * which deletions there are.
 */
export const tenantDeletion = inngest.createFunction(
  {
    id: 'tenant-deletion',
    name: 'Delete organisations',
    triggers: [{ event: deletionsChanged }, { cron: '* * * * *' }],
    concurrency: { limit: 1 },
    retries: 0,
  },
  async ({ step }) => {
    let steps = 0;
    for (let round = 0; round < looks; round += 1) {
      const due = await step.run(`due ${round}`, async () =>
        (await deletions.dueDeletions(remindDays, batch)).map(({ id }) => id),
      );
      if (due.length === 0) break;
      for (const id of due) {
        await step.run(`advance ${id} ${round}`, async () => (await advanceDeletion(id)) ?? null);
        steps += 1;
      }
    }
    return { steps };
  },
);

/** Deletes every night what is older than each tenant keeps. */
export const retentionPurge = inngest.createFunction(
  {
    id: 'retention-purge',
    name: 'Delete what is not kept any longer',
    triggers: [{ cron: '37 2 * * *' }],
    concurrency: { limit: 1 },
    retries: 3,
  },
  async ({ step }) => step.run('purge', () => purgeAll()),
);

/** What the background engine is given. */
export const lifecycleFunctions = [tenantDeletion, retentionPurge, retentionNotice] as const;
