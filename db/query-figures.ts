import { poolOf } from './connections';
import type { QueryFigures } from './observe';

/** Days for which figures are kept. */
const KEPT_DAYS = 14;
/** Rows that a purge takes at a time, so that it never holds anybody up. */
const BATCH = 5_000;

/**
 * Sorted by key, so that processes that write at the same time wait for each other in one order. An
 * hour's row is added to by every process that has something for it.
 */
const store = `
with texts as (
  insert into query_texts as known (fingerprint, role, text, tables, unbound, seen_at)
  select fingerprint, role, text, tables::text[], unbound::text[], date_trunc('hour', now())
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
           as given(fingerprint, role, text, tables, unbound)
   order by fingerprint
  on conflict (fingerprint) do update set seen_at = excluded.seen_at
   where known.seen_at < excluded.seen_at
)
insert into query_hours as known
  (hour, fingerprint, tenant_id, count, failed, total_ms, max_ms, waited_ms, rows, buckets)
select date_trunc('hour', now()), fingerprint, tenant_id, count, failed, total_ms, max_ms, waited_ms,
       rows, buckets::int[]
  from unnest($6::text[], $7::uuid[], $8::int8[], $9::int8[], $10::float8[], $11::float8[],
              $12::float8[], $13::int8[], $14::text[])
         as given(fingerprint, tenant_id, count, failed, total_ms, max_ms, waited_ms, rows, buckets)
 order by fingerprint, tenant_id
on conflict (hour, fingerprint, tenant_id) do update
   set count = known.count + excluded.count,
       failed = known.failed + excluded.failed,
       total_ms = known.total_ms + excluded.total_ms,
       max_ms = greatest(known.max_ms, excluded.max_ms),
       waited_ms = known.waited_ms + excluded.waited_ms,
       rows = known.rows + excluded.rows,
       buckets = array(
         select coalesce(one, 0) + coalesce(other, 0)
           from unnest(known.buckets, excluded.buckets) with ordinality as both_of(one, other, at)
          order by at)`;

const list = (items: readonly (string | number)[]) => `{${items.join(',')}}`;

/** Add figures to those of this hour, in one statement, as `tenantry_engine`. */
export async function storeQueryFigures(figures: readonly QueryFigures[]): Promise<void> {
  if (figures.length === 0) return;
  const shapes = [...new Map(figures.map(({ shape }) => [shape.fingerprint, shape])).values()];
  await poolOf('engine').query({
    name: 'query-figures',
    text: store,
    values: [
      shapes.map(({ fingerprint }) => fingerprint),
      shapes.map(({ role }) => role),
      shapes.map(({ text }) => text),
      shapes.map(({ tables }) => list(tables)),
      shapes.map(({ unbound }) => list(unbound)),
      figures.map(({ shape }) => shape.fingerprint),
      figures.map(({ tenantId }) => tenantId),
      figures.map(({ count }) => count),
      figures.map(({ failed }) => failed),
      figures.map(({ totalMs }) => totalMs),
      figures.map(({ maxMs }) => maxMs),
      figures.map(({ waitedMs }) => waitedMs),
      figures.map(({ rows }) => rows),
      figures.map(({ buckets }) => list(buckets)),
    ],
  });
}

const purgeHours = `
delete from query_hours where ctid = any(array(
  select ctid from query_hours
   where hour < now() - interval '${KEPT_DAYS} days' limit ${BATCH}))`;

const purgeTexts = `delete from query_texts where seen_at < now() - interval '${KEPT_DAYS} days'`;

/** Forget figures that are older than 14 days. @returns how many rows of them went */
export async function purgeQueryFigures(): Promise<number> {
  const pool = poolOf('engine');
  let gone = 0;
  let last = BATCH;
  while (last === BATCH) {
    last = (await pool.query(purgeHours)).rowCount ?? 0;
    gone += last;
  }
  await pool.query(purgeTexts);
  return gone;
}
