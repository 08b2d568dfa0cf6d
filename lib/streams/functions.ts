import type { AuditStreamId } from '@/db';
import { inngest, jobContext, noticeForgedContext } from '@/lib/jobs';
import { withLogContext } from '@/lib/observability';
import { deliverStream } from './deliver';
import { lookForEvents, streamDue } from './look';

/** Looks in a minute, and seconds between them: how long an event waits at most to be sent. */
const looks = 6;
const seconds = 10;

/** Looks for events to be sent. At most one at a time. */
export const streamLook = inngest.createFunction(
  {
    id: 'stream-look',
    name: 'Look for events to stream',
    triggers: [{ cron: '* * * * *' }],
    concurrency: { limit: 1 },
    retries: 0,
  },
  async ({ step }) => {
    let asked = 0;
    for (let at = 1; at <= looks; at += 1) {
      asked += await step.run(`look ${at}`, () => lookForEvents());
      if (at < looks) await step.sleep(`wait ${at}`, seconds * 1_000);
    }
    return { asked };
  },
);

/** Streams served side by side: of all organisations, so that slow receivers leave room, and of one. */
const atOnce = 8;
const perTenant = 3;

/** Sends the events that wait in a stream. What fails is tried again by the stream's own clock. */
export const streamDelivery = inngest.createFunction(
  {
    id: 'stream-delivery',
    name: 'Send events of a stream',
    triggers: [{ event: streamDue }],
    retries: 0,
    concurrency: [{ limit: atOnce }, { limit: perTenant, key: 'event.data.tenantId' }],
  },
  async ({ event, step }) =>
    step.run('deliver', async () => {
      const job = await jobContext(event);
      const { context, subjectId } = job;
      const { tenantId, requestId } = context;
      await withLogContext({ tenantId, requestId }, () =>
        noticeForgedContext(job, () => deliverStream(context, subjectId as AuditStreamId)),
      );
    }),
);

/** What the background engine is given. */
export const streamFunctions = [streamLook, streamDelivery] as const;
