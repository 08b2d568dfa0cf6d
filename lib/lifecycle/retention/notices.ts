import { type AuditEventId, and, asc, eq, type MailId, sql, type UserId, withTenant } from '@/db';
import { auditEvents, memberships, tenants, users } from '@/db/schema';
import { eventsFound, recordAudit } from '@/lib/audit';
import { inngest, type JobEvent, jobContext, noticeForgedContext } from '@/lib/jobs';
import { retentionChanged } from '@/lib/limits';
import { handOver, sameMail } from '@/lib/mail';
import { logger, withLogContext } from '@/lib/observability';
import type { ActingContext } from '@/lib/tenancy';
import { retentionLetter } from './letter';
import { retentionOf } from './read';

function ownersOf(context: ActingContext): Promise<readonly UserId[]> {
  return withTenant(context, async (tx) => {
    const owners = await tx
      .select({ id: memberships.userId })
      .from(memberships)
      .where(and(eq(memberships.tenantId, context.tenantId), eq(memberships.role, 'owner')))
      .orderBy(asc(memberships.userId));
    return owners.map(({ id }) => id);
  });
}

const mailId = (change: AuditEventId, reader: UserId): MailId =>
  sameMail(change, 'retention', reader);

/** The ids of all mails about a change that its readers may have got. */
export const retentionMails = (
  change: AuditEventId,
  readers: readonly UserId[],
): readonly MailId[] => readers.map((reader) => mailId(change, reader));

/** Write to one owner, of how it stands now. @returns whether they are an owner still */
async function tellOwner(
  context: ActingContext,
  change: AuditEventId,
  owner: UserId,
): Promise<boolean> {
  const { tenantId } = context;
  const news = await withTenant(context, async (tx) => {
    const [said] = await tx
      .select({
        to: users.email,
        tenantName: tenants.name,
        state: tenants.state,
        staffName: auditEvents.actorName,
        reason: sql<string>`${auditEvents.details} ->> 'reason'`,
      })
      .from(memberships)
      .innerJoin(users, eq(users.id, memberships.userId))
      .innerJoin(tenants, eq(tenants.id, memberships.tenantId))
      .innerJoin(
        auditEvents,
        and(eq(auditEvents.tenantId, memberships.tenantId), eq(auditEvents.id, change)),
      )
      .where(
        and(
          eq(memberships.tenantId, tenantId),
          eq(memberships.userId, owner),
          eq(memberships.role, 'owner'),
        ),
      );
    return said && { ...said, rows: await retentionOf(context, tx) };
  });
  if (!news) return false;
  const letter = retentionLetter({ ...news, suspended: news.state === 'suspended' });
  await handOver({ id: mailId(change, owner), to: news.to, ...letter });
  return true;
}

/** On the tenant's record once, however often it is tried. */
function recordTold(
  context: ActingContext,
  change: AuditEventId,
  told: { readonly owners: number; readonly notReached: number },
): Promise<void> {
  const { tenantId } = context;
  return withTenant(context, async (tx) => {
    const [already] = await tx
      .select({ id: auditEvents.id })
      .from(auditEvents)
      .where(
        and(
          eq(auditEvents.tenantId, tenantId),
          eventsFound((of) => [eq(of.tenantId, tenantId), eq(of.action, 'retention.told')]),
          sql`${auditEvents.details} ->> 'change' = ${change}`,
        ),
      )
      .limit(1);
    if (already) return;
    await recordAudit(tx, context, {
      action: 'retention.told',
      target: { type: 'retention', id: tenantId, name: 'How long things are kept' },
      details: { change, ...told },
    });
  });
}

/**
 * Tells a tenant's owners that less is kept soon, or that it is not after all. One whose mail is
 * refused for good keeps nobody else from theirs.
 */
export const retentionNotice = inngest.createFunction(
  {
    id: 'retention-notice',
    name: 'Tell how long things are kept',
    triggers: [{ event: retentionChanged }],
    retries: 8,
    concurrency: { limit: 1, key: 'event.data.tenantId' },
  },
  async ({ event, step }) => {
    const work = <Result>(fn: (context: ActingContext, change: AuditEventId) => Promise<Result>) =>
      inJob(event, fn);
    const owners = await step.run('owners', () => work((context) => ownersOf(context)));
    let [told, notReached] = [0, 0];
    for (const owner of owners) {
      try {
        const reached = await step.run(`tell ${owner}`, () =>
          work((context, change) => tellOwner(context, change, owner)),
        );
        if (reached) told += 1;
      } catch (error) {
        notReached += 1;
        logger.error({ err: error }, 'An owner could not be told how long things are kept');
      }
    }
    await step.run('on record', () =>
      work(async (context, change) => {
        await recordTold(context, change, { owners: told, notReached });
        return null;
      }),
    );
    return { told, notReached };
  },
);

async function inJob<Result>(
  event: JobEvent,
  fn: (context: ActingContext, change: AuditEventId) => Promise<Result>,
): Promise<Result> {
  const job = await jobContext(event);
  const { tenantId, requestId } = job.context;
  return withLogContext({ tenantId, requestId }, () =>
    noticeForgedContext(job, () => fn(job.context, job.subjectId as AuditEventId)),
  );
}
