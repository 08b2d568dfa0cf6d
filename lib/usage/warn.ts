import { and, eq, newId, type TenantTransaction } from '@/db';
import { memberships, usageWarnings, users } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { env } from '@/lib/env';
import { limitWords, monthBegan } from '@/lib/limits';
import { queueMail } from '@/lib/mail';
import type { ActingContext } from '@/lib/tenancy';
import { type LimitStanding, warnPercent } from './contract';

const marks = [100, warnPercent] as const;

/** Note the highest mark that is reached and was not told of this month, and those below it. */
async function newlyReached(
  tx: TenantTransaction,
  { tenantId }: ActingContext,
  { key, percent }: LimitStanding,
  now: Date,
): Promise<number | null> {
  const reached = marks.filter((mark) => percent >= mark);
  if (reached.length === 0) return null;
  const noted = await tx
    .insert(usageWarnings)
    .values(
      reached.map((mark) => ({
        ...{ tenantId, id: newId(), limit: key, month: monthBegan(now), percent: mark },
      })),
    )
    .onConflictDoNothing()
    .returning({ percent: usageWarnings.percent });
  const highest = reached[0];
  return highest !== undefined && noted.some((mark) => mark.percent === highest) ? highest : null;
}

const figures = ({ used, most }: LimitStanding) =>
  `${used.toLocaleString('en')} of ${most.toLocaleString('en')}`;

/** What goes on once nothing is left. */
const afterwards: Readonly<Record<LimitStanding['key'], string>> = {
  runsPerMonth:
    'Once all are used, new runs may be refused and schedules skipped until the first of next month (UTC).',
  automations: 'Once all are used, no further automation can be made or switched on.',
  members: 'Once all are used, nobody further can be invited.',
};

function letter(standing: LimitStanding, mark: number) {
  const { key, title } = standing;
  const what = title.toLowerCase();
  return {
    subject:
      mark === 100
        ? `All that your organisation may have is used: ${what}`
        : `Your organisation has used ${standing.percent} %: ${what}`,
    text: [
      `${limitWords[key].title}: ${figures(standing)} used.`,
      afterwards[key],
      `What was used, hour by hour: ${env.APP_URL}/usage`,
      'Ask our support if you need more. You get this once a month at most for each limit and mark, because you own the organisation.',
    ].join('\n\n'),
  };
}

/**
 * Tell a tenant's owners that a limit is near or reached: once a month for 80 %, once for 100 %, in
 * the transaction that found it, and on record.
 * @returns how many mails were queued
 */
export async function warnOwners(
  tx: TenantTransaction,
  context: ActingContext,
  standing: LimitStanding,
  now = new Date(),
): Promise<number> {
  const mark = await newlyReached(tx, context, standing, now);
  if (mark === null) return 0;
  const owners = await tx
    .select({ email: users.email })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.tenantId, context.tenantId), eq(memberships.role, 'owner')));
  for (const { email } of owners) {
    await queueMail(tx, context, { to: email, ...letter(standing, mark) });
  }
  await recordAudit(tx, context, {
    action: 'limits.warned',
    target: { type: 'limit', id: standing.key, name: standing.title },
    details: { percent: mark, used: standing.used, most: standing.most, told: owners.length },
  });
  return owners.length;
}
