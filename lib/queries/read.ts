import { observation, type PlatformTransaction, type SQL, sql } from '@/db';
import { queryHours, queryTexts, tenants } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { lookAsStaff, type StaffLook } from '@/lib/platform';
import {
  type QueryDetail,
  type QueryFilter,
  type QueryRow,
  type QuerySort,
  queryWindows,
  type TenantQueryRow,
} from './contract';

/** Rows of the list, and tenants beside a query. */
const shown = 100;
const shownTenants = 10;

const { bucketBounds, bucketCount } = observation;

/** Histograms add up bucket by bucket. */
const buckets = sql.join(
  Array.from({ length: bucketCount }, (_, at) => sql.raw(`sum(h.buckets[${at + 1}])`)),
  sql`, `,
);

const sums = sql`
  sum(h.count)::float8 as count, sum(h.failed)::float8 as failed, sum(h.total_ms) as total_ms,
  max(h.max_ms) as max_ms, sum(h.waited_ms) as waited_ms, sum(h.rows)::float8 as rows,
  array[${buckets}]::float8[] as buckets`;

/**
 * Where 95 of 100 calls end: in the bucket that they end in, as far into it as calls are, which
 * takes them to lie evenly.
 */
const p95 = sql`(
  select least(sums.max_ms, lower + (0.95 * sums.count - (upto - n)) / n * (upper - lower))
    from (select n, sum(n) over (order by at) as upto,
                 case when at = 1 then 0 else bounds[at - 1] end as lower,
                 coalesce(bounds[at], sums.max_ms) as upper
            from unnest(sums.buckets) with ordinality as counted(n, at),
                 (select ${`{${bucketBounds.join(',')}}`}::float8[] as bounds) known) buckets
   where n > 0 and upto >= 0.95 * sums.count order by upto limit 1)`;

const times = sql`
  sums.count, sums.failed, sums.total_ms as "totalMs", sums.max_ms as "maxMs",
  coalesce(${p95}, sums.max_ms) as "p95Ms", sums.waited_ms as "waitedMs", sums.rows`;

const orders: Readonly<Record<QuerySort, SQL>> = {
  total: sql`"totalMs" desc`,
  max: sql`"maxMs" desc`,
  p95: sql`"p95Ms" desc`,
};

/** The hours that a window reaches into, and whose figures. */
function within({ window = '24h', tenant }: QueryFilter): SQL {
  const since = sql`h.hour >= date_trunc('hour', now() - make_interval(hours => ${queryWindows[window]}))`;
  return tenant ? sql`${since} and h.tenant_id = ${tenant}` : since;
}

function lookOf(
  action: 'queries.listed' | 'query.opened',
  { tenant, ...filter }: QueryFilter & { readonly query?: string },
): StaffLook {
  return tenant ? { action, tenantId: tenant, filter } : { action, filter };
}

async function tenantRows(
  tx: PlatformTransaction,
  where: SQL,
  order: SQL,
  limit: number,
): Promise<readonly TenantQueryRow[]> {
  const { rows } = await tx.execute<TenantQueryRow & Record<string, unknown>>(sql`
    with sums as (
      select h.tenant_id, count(distinct h.fingerprint)::int as queries, ${sums}
        from ${queryHours} h where ${where} group by h.tenant_id
    )
    select sums.tenant_id as "tenantId", t.name as "tenantName", sums.queries, ${times}
      from sums left join ${tenants} t on t.id = sums.tenant_id
     order by ${order} limit ${limit}`);
  return rows;
}

async function queryRows(
  tx: PlatformTransaction,
  where: SQL,
  order: SQL,
  limit: number,
): Promise<readonly QueryRow[]> {
  const { rows } = await tx.execute<QueryRow & Record<string, unknown>>(sql`
    with sums as (
      select h.fingerprint, count(distinct h.tenant_id)::int as tenants, ${sums}
        from ${queryHours} h where ${where} group by h.fingerprint
    )
    select sums.fingerprint, q.role, q.text, q.tables, q.unbound, sums.tenants, ${times}
      from sums join ${queryTexts} q on q.fingerprint = sums.fingerprint
     order by ${order} limit ${limit}`);
  return rows;
}

/** Tenants by what their queries took, the slowest first; at most 100. */
export function slowestTenants(
  staff: StaffContext,
  filter: QueryFilter,
): Promise<readonly TenantQueryRow[]> {
  return lookAsStaff(staff, lookOf('queries.listed', filter), (tx) =>
    tenantRows(tx, within(filter), orders[filter.sort ?? 'total'], shown),
  );
}

/** Queries by what they took, over all tenants or for one; the slowest first, at most 100. */
export function slowestQueries(
  staff: StaffContext,
  filter: QueryFilter,
): Promise<readonly QueryRow[]> {
  return lookAsStaff(staff, lookOf('queries.listed', filter), (tx) =>
    queryRows(tx, within(filter), orders[filter.sort ?? 'total'], shown),
  );
}

/**
 * One query within the window, with the tenants that it took most time for.
 * @returns null when it did not run then: an address outlives a window
 */
export function queryDetail(
  staff: StaffContext,
  filter: QueryFilter,
  fingerprint: string,
): Promise<QueryDetail | null> {
  return lookAsStaff(
    staff,
    lookOf('query.opened', { ...filter, query: fingerprint }),
    async (tx) => {
      const where = sql`${within(filter)} and h.fingerprint = ${fingerprint}`;
      const [query] = await queryRows(tx, where, orders.total, 1);
      if (!query) return null;
      return { ...query, slowest: await tenantRows(tx, where, orders.total, shownTenants) };
    },
  );
}
