import { and, eq, type SupportSessionId, tenantDb } from '@/db';
import { supportSessions } from '@/db/schema';
import { inngest, type JobEvent, jobContext, noticeForgedContext } from '@/lib/jobs';
import { withLogContext } from '@/lib/observability';
import { type ActingContext, endSupport } from '@/lib/tenancy';
import { supportStarted } from './start';

async function inScope<Result>(
  event: JobEvent,
  work: (context: ActingContext, id: SupportSessionId) => Promise<Result>,
): Promise<Result> {
  const job = await jobContext(event);
  const { tenantId, requestId } = job.context;
  return withLogContext({ tenantId, requestId }, () =>
    noticeForgedContext(job, () => work(job.context, job.subjectId as SupportSessionId)),
  );
}

/** When a session's time is up, in ISO 8601; null when there is no such session. */
async function endOf(context: ActingContext, id: SupportSessionId): Promise<string | null> {
  const [row] = await tenantDb(context)
    .select({ endsAt: supportSessions.endsAt })
    .from(supportSessions)
    .where(and(eq(supportSessions.tenantId, context.tenantId), eq(supportSessions.id, id)));
  return row?.endsAt.toISOString() ?? null;
}

/**
 * Puts the end of a session whose time is up on its tenant's record, whether or not anybody asks for
 * anything any more. Each request looks at the time by itself: nothing waits for this.
 */
export const supportEnd = inngest.createFunction(
  {
    id: 'support-session-end',
    name: 'End a support session in time',
    triggers: [{ event: supportStarted }],
    retries: 6,
  },
  async ({ event, step }) => {
    const end = await step.run('when', () => inScope(event, endOf));
    if (end === null) return { ended: false };
    await step.sleepUntil('its end', end);
    const ended = await step.run('end', () =>
      inScope(event, ({ tenantId }, id) => endSupport(tenantId, id, 'time')),
    );
    return { ended };
  },
);

/** What the background engine is given. */
export const supportFunctions = [supportEnd] as const;
