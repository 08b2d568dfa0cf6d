import { type ProviderNoticeId, webhooks } from '@/db';
import { inngest, jobContext, noticeForgedContext, patiently } from '@/lib/jobs';
import { withLogContext } from '@/lib/observability';
import { toJobError } from '../job-errors';
import { handleNotice, noticeReceived } from './notice';
import { keepSubscriptions } from './subscriptions';

/** Does what follows from something that a provider told us by itself. */
export const providerNotice = inngest.createFunction(
  {
    id: 'provider-notice',
    name: 'Follow a provider’s notice',
    triggers: [{ event: noticeReceived }],
    retries: 8,
    concurrency: { limit: 2, key: 'event.data.tenantId' },
  },
  ({ event, step }) =>
    patiently(step, 'follow', async () => {
      const job = await jobContext(event);
      const { tenantId, requestId } = job.context;
      return withLogContext({ tenantId, requestId }, () =>
        noticeForgedContext(job, async () => {
          try {
            return await handleNotice(job.context, job.subjectId as ProviderNoticeId);
          } catch (error) {
            throw toJobError(error);
          }
        }),
      );
    }),
);

/** Forgets deliveries that are too old to be sent again. */
export const deliveryPurge = inngest.createFunction(
  {
    id: 'webhook-delivery-purge',
    name: 'Forget old deliveries',
    triggers: [{ cron: '23 * * * *' }],
    concurrency: { limit: 1 },
    retries: 1,
  },
  async ({ step }) => ({ purged: await step.run('purge', () => webhooks.purgeDeliveries()) }),
);

/** Makes and renews the subscriptions by which Microsoft Graph tells us of connections. */
export const subscriptionUpkeep = inngest.createFunction(
  {
    id: 'webhook-subscriptions',
    name: 'Keep webhook subscriptions alive',
    triggers: [{ cron: '* * * * *' }],
    concurrency: { limit: 1 },
    retries: 0,
  },
  async ({ step }) => ({ kept: await step.run('keep', () => keepSubscriptions()) }),
);
