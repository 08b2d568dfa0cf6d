import { and, eq, gte, sql, type TenantContext, tenantDb } from '@/db';
import { retentionPurges } from '@/db/schema';
import { changesAhead, limitsAt, type RetentionSaid, retentionSaid } from '@/lib/limits';
import { type RetentionKind, type RetentionRow, retentionKinds } from '../contract';
import { daysKept } from './kinds';

const shownDays = 90;

type Reader = Pick<ReturnType<typeof tenantDb>, 'select'>;

/** What each kind will be kept for, from which moment on. */
function laterOf(said: RetentionSaid, kind: RetentionKind, now: Date): RetentionRow['later'] {
  let before = daysKept(limitsAt(said, now))[kind];
  return changesAhead(said, now).flatMap((from) => {
    const days = daysKept(limitsAt(said, from))[kind];
    if (days === before) return [];
    before = days;
    return [{ days, from: from.toISOString() }];
  });
}

/**
 * How long a tenant keeps each kind of thing, and what was deleted lately.
 * @param reader what reads: a transaction of staff's; the tenant's own door without one
 */
export async function retentionOf(
  context: TenantContext,
  reader: Reader = tenantDb(context),
  now = new Date(),
): Promise<readonly RetentionRow[]> {
  const said = await retentionSaid(context, reader);
  const kept = daysKept(limitsAt(said, now));
  const found = await reader
    .select({
      kind: retentionPurges.kind,
      lastAt: sql<string>`max(${retentionPurges.createdAt})`,
      lastRows: sql<number>`((array_agg(${retentionPurges.rows} order by ${retentionPurges.createdAt} desc))[1])::int`,
      rows: sql<number>`sum(${retentionPurges.rows})::int`,
    })
    .from(retentionPurges)
    .where(
      and(
        eq(retentionPurges.tenantId, context.tenantId),
        gte(retentionPurges.createdAt, sql`now() - make_interval(days => ${shownDays}::integer)`),
      ),
    )
    .groupBy(retentionPurges.kind);
  return (Object.keys(retentionKinds) as RetentionKind[]).map((kind) => {
    const one = found.find((row) => row.kind === kind);
    return {
      kind,
      days: kept[kind],
      later: laterOf(said, kind, now),
      lastAt: one ? new Date(one.lastAt).toISOString() : null,
      lastRows: one?.lastRows ?? 0,
      rows: one?.rows ?? 0,
    };
  });
}
