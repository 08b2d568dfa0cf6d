import { inngest } from '@/lib/jobs';
import { sendDue } from './mails';

/** Mails of campaigns and their reminders, every minute. At most one at a time. */
export const campaignMails = inngest.createFunction(
  {
    id: 'campaign-mails',
    name: 'Send mails of campaigns',
    triggers: [{ cron: '* * * * *' }],
    concurrency: { limit: 1 },
    retries: 1,
  },
  async ({ step }) => ({ mails: await step.run('send', () => sendDue()) }),
);

/** What the background engine is given. */
export const campaignFunctions = [campaignMails] as const;
