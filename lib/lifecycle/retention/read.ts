import { and, eq, gte, sql, type TenantContext, tenantDb } from '@/db';
import { retentionPurges } from '@/db/schema';
import { limitsOf } from '@/lib/limits';
import { type RetentionKind, type RetentionRow, retentionKinds } from '../contract';
import { daysKept } from './kinds';

const shownDays = 90;

type Reader = Pick<ReturnType<typeof tenantDb>, 'select'>;

/**
 * How long a tenant keeps each kind of thing, and what was deleted lately.
 * @param reader what reads: a transaction of staff's; the tenant's own door without one
 */
export async function retentionOf(
  context: TenantContext,
  reader: Reader = tenantDb(context),
  limits = limitsOf(context),
): Promise<readonly RetentionRow[]> {
  const kept = daysKept(await limits);
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
      lastAt: one ? new Date(one.lastAt).toISOString() : null,
      lastRows: one?.lastRows ?? 0,
      rows: one?.rows ?? 0,
    };
  });
}
