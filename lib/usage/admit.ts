import type { TenantId, TenantTransaction } from '@/db';
import { PublicError } from '@/lib/errors';
import { limitsOf, monthBegan } from '@/lib/limits';
import type { ActingContext } from '@/lib/tenancy';
import { type LimitStanding, warnPercent } from './contract';
import { runsThisMonth, standing } from './limits';
import { lockState, readState } from './state';
import { warnOwners } from './warn';

/** Runs that may be asked for at the same moment, by all processes: nearer to the end they queue. */
const mostAtOnce = 200;

const month = new Intl.DateTimeFormat('en-GB', { month: 'long', timeZone: 'UTC' });
const dayAndMonth = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  timeZone: 'UTC',
});

/** A run that was refused because the month's are used up; its words say what to do. */
export class RunsUsedUp extends PublicError {
  constructor({ most }: Pick<LimitStanding, 'most'>, now = new Date()) {
    const began = monthBegan(now);
    const next = new Date(Date.UTC(began.getUTCFullYear(), began.getUTCMonth() + 1, 1));
    const runs = most === 1 ? 'run' : 'runs';
    super(
      'conflict',
      `Your organisation may start ${most.toLocaleString('en')} ${runs} a month, and those of ${month.format(now)} are used up. It can start runs again from ${dayAndMonth.format(next)} (UTC). Ask our support if you need more.`,
    );
  }
}

async function runsStanding(
  tx: TenantTransaction,
  tenantId: TenantId,
  now: Date,
): Promise<LimitStanding> {
  const { runsPerMonth } = await limitsOf({ tenantId }, tx);
  return standing('runsPerMonth', await runsThisMonth(tx, tenantId, now), runsPerMonth);
}

/**
 * Let a run that was written just now be one of this month's, and tell the owners when that makes 80
 * or 100 %. Near the limit one is let in at a time, so that no two take the last place.
 * @throws RunsUsedUp when it is one too many and new runs are to be refused
 */
export async function admitRun(
  tx: TenantTransaction,
  context: ActingContext,
  now = new Date(),
): Promise<void> {
  const { tenantId } = context;
  const before = await runsStanding(tx, tenantId, now);
  if (before.percent < warnPercent && before.most - before.used > mostAtOnce) return;
  const state = await lockState(tx, tenantId);
  // It is being deleted: what is asked for there is cancelled.
  if (!state) return;
  const after = await runsStanding(tx, tenantId, now);
  if (after.used > after.most && state.atLimit === 'refuse') throw new RunsUsedUp(after, now);
  await warnOwners(tx, context, after, now);
}

/**
 * Whether one more run would be let in.
 * @returns null when it would; else why not
 */
export async function runsUsedUp(
  tx: TenantTransaction,
  tenantId: TenantId,
  now = new Date(),
): Promise<RunsUsedUp | null> {
  const { used, most } = await runsStanding(tx, tenantId, now);
  if (used < most) return null;
  const { atLimit } = await readState(tx, tenantId);
  return atLimit === 'refuse' ? new RunsUsedUp({ most }, now) : null;
}
