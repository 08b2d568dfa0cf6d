import type { MailId } from '@/db';
import { inngest, jobContext, noticeForgedContext, patiently } from '@/lib/jobs';
import { withLogContext } from '@/lib/observability';
import { deliver } from './deliver';
import { mailRequested } from './queue';

/** Mails of one organisation that are handed over side by side. */
const perTenant = 2;

/** Delivers a queued mail; a refusal by the mail server is tried again with growing pauses. */
export const mailDelivery = inngest.createFunction(
  {
    id: 'mail-delivery',
    name: 'Deliver a mail',
    triggers: [{ event: mailRequested }],
    retries: 8,
    concurrency: { limit: perTenant, key: 'event.data.tenantId' },
  },
  async ({ event, step }) =>
    patiently(step, 'deliver', async () => {
      const job = await jobContext(event);
      const { context, subjectId } = job;
      const { tenantId, requestId } = context;
      return withLogContext({ tenantId, requestId }, () =>
        noticeForgedContext(job, () => deliver(context, subjectId as MailId)),
      );
    }),
);

/** What the background engine is given. */
export const mailFunctions = [mailDelivery] as const;
