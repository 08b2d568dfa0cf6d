import { alerting } from '@/db';
import { inngest } from '@/lib/jobs';
import { lookForAlerts } from './look';
import { pauseLeft, tellStaff } from './tell';
import { denialsRecorded } from './watch';

/**
 * Looks for alerts seconds after a denial, and every minute for what came while nobody was told, such
 * as after a crash. At most one at a time.
 */
export const alertLook = inngest.createFunction(
  {
    id: 'alert-look',
    name: 'Look for alerts',
    triggers: [{ event: denialsRecorded }, { cron: '* * * * *' }],
    concurrency: { limit: 1 },
    retries: 1,
  },
  async ({ step }) => {
    const { opened, wait } = await step.run('look', async () => ({
      opened: await lookForAlerts(),
      wait: await pauseLeft(),
    }));
    if (wait > 0) await step.sleep('let more come', wait);
    const mails = await step.run('tell', () => tellStaff());
    return { opened, mails };
  },
);

/** Days that denials are kept. */
export const keptDays = 90;

/** Deletes what is older; the result says how many rows. */
export const denialPurge = inngest.createFunction(
  {
    id: 'denial-purge',
    name: 'Delete old denials',
    triggers: [{ cron: '17 3 * * *' }],
    concurrency: { limit: 1 },
    retries: 3,
  },
  async ({ step }) => ({ purged: await step.run('purge', () => alerting.purgeDenials(keptDays)) }),
);

/** What the background engine is given. */
export const alertFunctions = [alertLook, denialPurge] as const;
