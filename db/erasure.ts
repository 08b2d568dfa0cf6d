import { poolOf } from './connections';
import type { DeletionId, TenantId } from './ids';

/**
 * Erasing a tenant whose deletion cannot be undone any more, as `tenantry_engine`. Each call refuses
 * unless the deletion's grace is over and the tenant closed: `lifecycle.erasable` in the database.
 */

/** End a grace that is over and close the tenant. @returns false when it was undone, or lasts */
export async function closeTenant(id: DeletionId): Promise<boolean> {
  const { rows } = await poolOf('engine').query<{ closed: boolean }>({
    name: 'lifecycle-close',
    text: 'select lifecycle.close($1) as closed',
    values: [id],
  });
  return rows[0]?.closed ?? false;
}

/** Tables with rows of tenants, those that refer to others before these. */
export async function erasedTables(): Promise<readonly string[]> {
  const { rows } = await poolOf('engine').query<{ place: string }>({
    name: 'lifecycle-places',
    text: 'select place::text from lifecycle.places() order by depth, place',
  });
  return rows.map(({ place }) => place);
}

/** How many rows one batch took, and the last of them, from where the next one goes on. */
export interface ErasedBatch {
  readonly rows: number;
  readonly last: string | null;
}

/**
 * Delete a tenant's rows of one table, `most` at a time; the deletion counts them in the same
 * transaction.
 */
export async function eraseRows(
  id: DeletionId,
  table: string,
  after: string | null,
  most: number,
): Promise<ErasedBatch> {
  const { rows } = await poolOf('engine').query<ErasedBatch>({
    name: 'lifecycle-erase',
    text: 'select rows, last from lifecycle.erase($1, $2, $3, $4)',
    values: [id, table, after, most],
  });
  return rows[0] ?? { rows: 0, last: null };
}

async function one(name: string, text: string, values: readonly unknown[]): Promise<number> {
  const { rows } = await poolOf('engine').query<{ n: number }>({ name, text, values: [...values] });
  return Number(rows[0]?.n ?? 0);
}

/** Delete people who belong to this tenant only and are not staff. @returns how many */
export const erasePeople = (id: DeletionId, most: number): Promise<number> =>
  one('lifecycle-people', 'select lifecycle.erase_people($1, $2) as n', [id, most]);

/** Take the tenant's id out of rows that are not its own. @returns how many were changed */
export const eraseMentions = (id: DeletionId, most: number): Promise<number> =>
  one('lifecycle-mentions', 'select lifecycle.erase_mentions($1, $2) as n', [id, most]);

/** Delete the row of the tenant itself. */
export async function eraseTenantRow(id: DeletionId): Promise<void> {
  await poolOf('engine').query('select lifecycle.erase_tenant($1)', [id]);
}

/** Every table there is, but the one of deletions. */
export async function scannedTables(): Promise<readonly string[]> {
  const { rows } = await poolOf('engine').query<{ place: string }>({
    name: 'lifecycle-scanned',
    text: 'select place::text from lifecycle.scanned() as place',
  });
  return rows.map(({ place }) => place);
}

/** How many rows of a table belong to the tenant or name it. */
export const leftIn = (id: DeletionId, table: string): Promise<number> =>
  one('lifecycle-scan', 'select lifecycle.scan($1, $2) as n', [id, table]);

/** How much of what the engine does for a tenant is in the hands of a worker. */
export const heldRunsOf = (tenantId: TenantId): Promise<number> =>
  one(
    'lifecycle-held',
    'select count(*) as n from engine.runs where tenant = $1::text and worker is not null',
    [tenantId],
  );

/** Stop what the engine does for a tenant: none of it begins another step. */
export async function stopRunsOf(tenantId: TenantId): Promise<void> {
  await poolOf('engine').query(
    `update engine.runs
        set state = 'cancelled', ended_at = now(), wake_at = null, worker = null, slots = 0,
            fence = fence + 1
      where tenant = $1::text and wake_at is not null`,
    [tenantId],
  );
}

const batch = 2_000;

/**
 * Runs of the tenant; and those that ended of functions for all tenants, where they name it, such as the
 * last one that was counted. While one of those is under way, what it remembers is needed.
 */
const itsRuns = `(r.tenant = $1::text or r.event like $2::text
                  or r.ended_at is not null and r.output like $2::text)`;

/** What the engine remembers of a tenant, each a batch at a time. `$1` is its id, `$2` a pattern. */
const engineErasures: Readonly<Record<string, string>> = {
  steps: `delete from engine.steps where ctid = any(array(
            select s.ctid from engine.steps s join engine.runs r on r.id = s.run_id
             where ${itsRuns} or r.ended_at is not null and s.value like $2::text limit ${batch}))`,
  runs: `delete from engine.runs where id = any(array(
           select r.id from engine.runs r where ${itsRuns} limit ${batch}))`,
  events: `delete from engine.events where id = any(array(
             select id from engine.events
              where payload like $2::text and $1::text is not null limit ${batch}))`,
  dedupe: `delete from engine.dedupe where key like $2::text and $1::text is not null`,
  throttles: `delete from engine.throttles where key like $2::text and $1::text is not null`,
};

/** Delete what the embedded engine remembers of a tenant. @returns rows by table */
export async function eraseEngine(tenantId: TenantId): Promise<Readonly<Record<string, number>>> {
  const gone: Record<string, number> = {};
  for (const [table, text] of Object.entries(engineErasures)) {
    let last = batch;
    while (last === batch) {
      last = (await poolOf('engine').query(text, [tenantId, `%${tenantId}%`])).rowCount ?? 0;
      gone[`engine.${table}`] = (gone[`engine.${table}`] ?? 0) + last;
    }
  }
  return gone;
}

/** Tables of the engine with something that names the tenant, in any column of text. */
export async function leftInEngine(tenantId: TenantId): Promise<Readonly<Record<string, number>>> {
  const { rows: places } = await poolOf('engine').query<{ place: string; conditions: string }>(
    `select 'engine.' || quote_ident(c.relname) as place,
            string_agg(format('%I::text like $1', a.attname), ' or ') as conditions
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = 'engine'::regnamespace and c.relkind in ('r', 'p')
        and a.atttypid in ('text'::regtype, 'text[]'::regtype, 'jsonb'::regtype, 'uuid'::regtype)
      group by c.relname order by 1`,
  );
  const left: Record<string, number> = {};
  for (const { place, conditions } of places) {
    const found = await one(
      `lifecycle-left-${place}`,
      `select count(*) as n from ${place} where ${conditions}`,
      [`%${tenantId}%`],
    );
    if (found > 0) left[place] = found;
  }
  return left;
}
