import { and, count, eq, gte, lt, sql, type TenantId, type TenantTransaction } from '@/db';
import { runs, usageHours } from '@/db/schema';
import { type LimitUse, limitsOf, limitUse, limitWords, monthBegan } from '@/lib/limits';
import { type BoundedKey, boundedKeys, type LimitStanding } from './contract';
import { readState } from './state';

type Reader = Pick<TenantTransaction, 'select'>;

/** Runs asked for in this calendar month (UTC): the hours that are counted, and the rest as it is. */
export async function runsThisMonth(tx: Reader, tenantId: TenantId, now: Date): Promise<number> {
  const from = monthBegan(now);
  const { countedUntil } = await readState(tx, tenantId);
  const live = countedUntil && countedUntil > from ? countedUntil : from;
  const [counted] = await tx
    .select({ total: sql<number>`coalesce(sum(${usageHours.runs}), 0)::int` })
    .from(usageHours)
    .where(
      and(eq(usageHours.tenantId, tenantId), gte(usageHours.hour, from), lt(usageHours.hour, live)),
    );
  const [latest] = await tx
    .select({ total: count() })
    .from(runs)
    .where(and(eq(runs.tenantId, tenantId), gte(runs.createdAt, live)));
  return (counted?.total ?? 0) + (latest?.total ?? 0);
}

/** A standing in figures; of nothing that may be had, everything is used. */
export function standing(key: BoundedKey, used: number, most: number): LimitStanding {
  const percent = most > 0 ? Math.floor((used / most) * 100) : 100;
  return { key, title: limitWords[key].title, used, most, percent };
}

/** How much a tenant has of what it may have, by any door that may read it. */
export async function limitsUsed(tx: Reader, tenantId: TenantId, now: Date): Promise<LimitUse> {
  const use = await limitUse({ tenantId }, tx);
  return { ...use, runsPerMonth: await runsThisMonth(tx, tenantId, now) };
}

/** How far a tenant is with what it may have and can use up. */
export async function readStandings(
  tx: TenantTransaction,
  tenantId: TenantId,
  now: Date,
): Promise<readonly LimitStanding[]> {
  const limits = await limitsOf({ tenantId }, tx);
  const used = await limitsUsed(tx, tenantId, now);
  return boundedKeys.map((key) => standing(key, used[key], limits[key]));
}
