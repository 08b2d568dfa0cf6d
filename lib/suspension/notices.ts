import {
  and,
  eq,
  inArray,
  type MailId,
  type SuspensionId,
  type TenantContext,
  type TenantTransaction,
  tenantDb,
  type UserId,
  withTenant,
} from '@/db';
import { connections, memberships, tenantSuspensions, tenants, users } from '@/db/schema';
import { requestDiscovery } from '@/lib/connections';
import { env } from '@/lib/env';
import { inngest, type JobEvent, jobContext, noticeForgedContext } from '@/lib/jobs';
import { handOver, sameMail } from '@/lib/mail';
import { withLogContext } from '@/lib/observability';
import type { ActingContext } from '@/lib/tenancy';
import { suspensionChanged } from './contract';

/** What is told: as it stands now, whatever it was when the job was asked for; null when it is gone. */
async function readNews(tx: TenantTransaction, { tenantId }: TenantContext, id: SuspensionId) {
  const [row] = await tx
    .select({
      name: tenants.name,
      notice: tenantSuspensions.notice,
      resumedAt: tenantSuspensions.resumedAt,
    })
    .from(tenantSuspensions)
    .innerJoin(tenants, eq(tenants.id, tenantSuspensions.tenantId))
    .where(and(eq(tenantSuspensions.tenantId, tenantId), eq(tenantSuspensions.id, id)));
  if (!row) return null;
  const { resumedAt, ...news } = row;
  return { ...news, resumed: resumedAt !== null };
}

async function ownersOf({ tenantId }: TenantContext): Promise<readonly UserId[]> {
  const owners = await tenantDb({ tenantId })
    .select({ id: memberships.userId })
    .from(memberships)
    .where(and(eq(memberships.tenantId, tenantId), eq(memberships.role, 'owner')));
  return owners.map(({ id }) => id);
}

const mailId = (id: SuspensionId, resumed: boolean, reader: UserId): MailId =>
  sameMail(id, String(resumed), reader);

/** The ids of all mails about a suspension that its readers may have got. */
export const suspensionMails = (id: SuspensionId, readers: readonly UserId[]): readonly MailId[] =>
  readers.flatMap((reader) => [mailId(id, false, reader), mailId(id, true, reader)]);

/** Write to one owner; to nobody when they have left meanwhile. */
async function tellOwner(context: TenantContext, id: SuspensionId, owner: UserId): Promise<void> {
  const { news, to } = await withTenant(context, async (tx) => {
    const [person] = await tx
      .select({ email: users.email })
      .from(memberships)
      .innerJoin(users, eq(users.id, memberships.userId))
      .where(and(eq(memberships.tenantId, context.tenantId), eq(memberships.userId, owner)));
    return { news: await readNews(tx, context, id), to: person?.email };
  });
  if (to && news)
    await handOver({
      id: mailId(id, news.resumed, owner),
      to,
      ...suspensionMail(news),
    });
}

interface News {
  readonly name: string;
  readonly notice: string;
  readonly resumed: boolean;
}

/** The mail to an owner; see the console's pages for where its words come from. */
export function suspensionMail({ name, notice, resumed }: News): {
  readonly subject: string;
  readonly text: string;
} {
  const address = env.SUPPORT_EMAIL;
  const write = address
    ? `Write to ${address} with any question.`
    : 'Answer this mail with any question.';
  if (resumed) {
    return {
      subject: `${name} goes on`,
      text: [
        `${name} is no longer suspended on Tenantry. Everybody can sign in again:`,
        `${env.APP_URL}/overview`,
        '',
        'Runs and discoveries go on where they stopped. What was due meanwhile is made up for once.',
        '',
        write,
      ].join('\n'),
    };
  }
  return {
    subject: `${name} is suspended`,
    text: [
      `${name} was suspended on Tenantry. Our support says:`,
      '',
      notice,
      '',
      'Until it is resumed nobody can sign in to it, and no automation runs. Nothing is lost: all of it waits.',
      '',
      write,
    ].join('\n'),
  };
}

/**
 * Look again at what the connections have that work, once the tenant goes on: notices of providers may
 * have been missed while no subscription was renewed.
 */
function lookAgain(context: ActingContext, id: SuspensionId): Promise<number> {
  return withTenant(context, async (tx) => {
    if (!(await readNews(tx, context, id))?.resumed) return 0;
    const working = await tx
      .select({ id: connections.id })
      .from(connections)
      .innerJoin(tenants, eq(tenants.id, connections.tenantId))
      .where(
        and(
          eq(connections.tenantId, context.tenantId),
          inArray(connections.state, ['active', 'degraded']),
          eq(tenants.state, 'active'),
        ),
      );
    for (const { id } of working) await requestDiscovery(tx, context, id);
    return working.length;
  });
}

/** Tells a tenant's owners that it was suspended, or goes on; then what it may have missed is asked for. */
export const suspensionNotice = inngest.createFunction(
  {
    id: 'tenant-suspension',
    name: 'Tell of a suspension',
    triggers: [{ event: suspensionChanged }],
    retries: 8,
    concurrency: { limit: 1, key: 'event.data.tenantId' },
  },
  async ({ event, step }) => {
    const work = <Result>(fn: (context: ActingContext, id: SuspensionId) => Promise<Result>) =>
      inJob(event, fn);
    const owners = await step.run('owners', () => work((context) => ownersOf(context)));
    for (const owner of owners) {
      await step.run(`tell ${owner}`, () =>
        work(async (context, id) => {
          await tellOwner(context, id, owner);
          return null;
        }),
      );
    }
    const again = await step.run('look again', () => work(lookAgain));
    return { told: owners.length, again };
  },
);

async function inJob<Result>(
  event: JobEvent,
  fn: (context: ActingContext, id: SuspensionId) => Promise<Result>,
): Promise<Result> {
  const job = await jobContext(event);
  const { tenantId, requestId } = job.context;
  return withLogContext({ tenantId, requestId }, () =>
    noticeForgedContext(job, () => fn(job.context, job.subjectId as SuspensionId)),
  );
}

/** What the background engine is given. */
export const suspensionFunctions = [suspensionNotice] as const;
