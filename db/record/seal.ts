import type { ClientBase } from 'pg';
import { poolOf } from '../connections';
import { inTransaction } from '../engine/store';
import type { AuditEventId, TenantId } from '../ids';
import { acrossTenantsMark } from '../observe';
import { neverGiveUp } from '../silence';
import { eventColumns, type StoredEvent } from './events';
import {
  type Delayed,
  delay,
  type GrownTree,
  type Growth,
  type TreeState,
  treesOf,
  writeGrowth,
} from './grow';
import { indexEvents, indexMissing } from './index-rows';

/**
 * The lock of who seals: one process of all at a time. The two numbers are "trec" as bytes, and 0. It
 * ends with its transaction, and so with the process that holds it.
 */
const lock = 'select pg_try_advisory_xact_lock(1953654115, 0) as held';

/** Works out what becomes of events: pure but for the keys it asks for. */
export type Grow = (
  events: readonly StoredEvent[],
  trees: ReadonlyMap<TenantId, TreeState>,
) => Promise<Growth>;

export interface Sealed {
  /** Events that have got their leaf, or wait for it. */
  readonly events: number;
  /** Whether there may be more at once. */
  readonly more: boolean;
}

const nothing: Sealed = { events: 0, more: false };
const mark = acrossTenantsMark('the record of all tenants is sealed, in the order it was written');

interface Progress {
  readonly cluster: string;
  readonly done: string;
  readonly target: string | null;
  readonly afterTransaction: string | null;
  readonly afterId: AuditEventId | null;
}

/** Sees nothing: what every database begins with. */
const seesNothing = '3:3:';
const firstId = '00000000-0000-0000-0000-000000000000';

interface Window extends Progress {
  readonly now: string;
  /** Of this cluster; transactions of another one have other numbers. */
  readonly here: string;
}

async function readWindow(client: ClientBase): Promise<Window> {
  const { rows } = await client.query<Partial<Window> & { now: string; here: string }>(
    `select pg_current_snapshot()::text as now,
            (select system_identifier::text from pg_control_system()) as here,
            p.cluster, p.done, p.target, p.after_transaction as "afterTransaction",
            p.after_id as "afterId"
       from (values (1)) one(id) left join record_progress p on p.id = one.id`,
  );
  const [row] = rows;
  if (!row) throw new Error('PostgreSQL gave no answer to a query without a condition.');
  return {
    now: row.now,
    here: row.here,
    cluster: row.cluster ?? row.here,
    done: row.done ?? seesNothing,
    target: row.target ?? null,
    afterTransaction: row.afterTransaction ?? null,
    afterId: row.afterId ?? null,
  };
}

async function writeProgress(client: ClientBase, progress: Progress): Promise<void> {
  await client.query(
    `insert into record_progress (id, cluster, done, target, after_transaction, after_id)
     values (1, $1, $2, $3, $4, $5)
     on conflict (id) do update set cluster = excluded.cluster, done = excluded.done,
       target = excluded.target, after_transaction = excluded.after_transaction,
       after_id = excluded.after_id, moved_at = now()`,
    [progress.cluster, progress.done, progress.target, progress.afterTransaction, progress.afterId],
  );
}

type Candidate = StoredEvent & { readonly transaction: string };

/**
 * Events that the target's snapshot sees and the one before did not: all that was committed between the
 * two, in whatever order, and nothing twice. Below its end only, so that what another cluster numbered
 * higher is not read over and over.
 */
async function nextEvents(
  client: ClientBase,
  { done, target, now, afterTransaction, afterId }: Window,
  limit: number,
): Promise<Candidate[]> {
  const { rows } = await client.query<Candidate>({
    name: 'record-next',
    text: `${mark} select ${eventColumns}, e.written_in::text as transaction
             from audit_events e
            where e.written_in >= pg_snapshot_xmin($1::pg_snapshot)
              and e.written_in < pg_snapshot_xmax($2::pg_snapshot)
              and (e.written_in, e.id) > ($3::xid8, $4::uuid)
              and not pg_visible_in_snapshot(e.written_in, $1::pg_snapshot)
              and pg_visible_in_snapshot(e.written_in, $2::pg_snapshot)
            order by e.written_in, e.id limit $5`,
    values: [done, target ?? now, afterTransaction ?? '0', afterId ?? firstId, limit],
  });
  return rows;
}

/** Work that is undone by itself when it fails. @returns what it failed with */
async function attempt(client: ClientBase, work: () => Promise<void>): Promise<Error | null> {
  await client.query('savepoint growth');
  try {
    await work();
    await client.query('release savepoint growth');
    return null;
  } catch (error) {
    await client.query('rollback to savepoint growth');
    return error as Error;
  }
}

/** All trees at once; where that fails, each by itself, so that a broken one keeps no other waiting. */
async function writeTogether(client: ClientBase, trees: readonly GrownTree[]): Promise<Delayed[]> {
  if (trees.length === 0) return [];
  const failure = await attempt(client, () => writeGrowth(client, trees));
  if (!failure) return [];
  const delayed: Delayed[] = [];
  for (const tree of trees) {
    const reason = await attempt(client, () => writeGrowth(client, [tree]));
    if (!reason) continue;
    const { tenantId, leaves } = tree;
    delayed.push(...leaves.map(({ id }) => ({ tenantId, id, reason: reason.name })));
  }
  return delayed;
}

async function growWith(
  client: ClientBase,
  grow: Grow,
  events: readonly StoredEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const tenants = [...new Set(events.map(({ tenantId }) => tenantId))];
  const trees = new Map((await treesOf(client, tenants)).map((tree) => [tree.tenantId, tree]));
  const growth = await grow(events, trees);
  const unwritten = await writeTogether(client, growth.trees);
  await delay(client, [...growth.delayed, ...unwritten]);
}

/** After a restore into another cluster: what has no leaf waits for it, and the counting begins anew. */
async function startOver(client: ClientBase, { here, now }: Window): Promise<Sealed> {
  // All events are read twice; ended in the middle, it would begin anew each time.
  neverGiveUp(client);
  await client.query('set local statement_timeout = 0');
  const { rowCount } = await client.query(
    `${mark} insert into record_waiting (tenant_id, id, reason)
     select tenant_id, id, 'restored' from audit_events e
      where not exists (select from record_leaves l where l.tenant_id = e.tenant_id and l.id = e.id)
     on conflict do nothing`,
  );
  await indexMissing(client);
  await writeProgress(client, {
    cluster: here,
    done: now,
    target: null,
    afterTransaction: null,
    afterId: null,
  });
  return { events: rowCount ?? 0, more: true };
}

/**
 * Seal the next events of all tenants. Two processes never do so at once: the second is told that there
 * is nothing.
 * @param limit events at most
 * @throws whatever `grow` throws, and what the database does. Nothing is changed then
 */
export function sealNext(limit: number, grow: Grow): Promise<Sealed> {
  return inTransaction(poolOf('engine'), 'begin', async (client) => {
    const { rows: locks } = await client.query<{ held: boolean }>(lock);
    if (!locks[0]?.held) return nothing;
    const window = await readWindow(client);
    const { cluster, here, done, now } = window;
    if (cluster !== here) return startOver(client, window);
    const events = await nextEvents(client, window, limit);
    // Whether they get their leaf now or not: what was done is in the index, the rest in the tail.
    await indexEvents(client, events);
    await growWith(client, grow, events);
    const target = window.target ?? now;
    const last = events.at(-1);
    if (last && events.length === limit) {
      const [afterTransaction, afterId] = [last.transaction, last.id];
      await writeProgress(client, { cluster, done, target, afterTransaction, afterId });
      return { events: events.length, more: true };
    }
    // Nothing new and nothing begun: nothing to write, and an idle platform writes nothing.
    if (last || window.target !== null) {
      await writeProgress(client, {
        cluster,
        done: target,
        target: null,
        afterTransaction: null,
        afterId: null,
      });
    }
    return { events: events.length, more: window.target !== null };
  });
}

/** Try again what could not be sealed when its turn came. As `sealNext`. */
export function sealWaiting(limit: number, grow: Grow): Promise<Sealed> {
  return inTransaction(poolOf('engine'), 'begin', async (client) => {
    const { rows: locks } = await client.query<{ held: boolean }>(lock);
    if (!locks[0]?.held) return nothing;
    const { rows } = await client.query<{ tenantId: TenantId; id: AuditEventId }>(
      `${mark} select tenant_id as "tenantId", id from record_waiting
        where retry_at <= now() order by retry_at, id limit $1`,
      [limit],
    );
    if (rows.length === 0) return nothing;
    const of = [rows.map(({ tenantId }) => tenantId), rows.map(({ id }) => id)];
    const { rows: events } = await client.query<StoredEvent>(
      `${mark} select ${eventColumns} from audit_events e
         join unnest($1::uuid[], $2::uuid[]) w(tenant, event)
           on e.tenant_id = w.tenant and e.id = w.event
        where not exists (select from record_leaves l where l.tenant_id = e.tenant_id and l.id = e.id)
        order by e.id`,
      of,
    );
    await growWith(client, grow, events);
    await client.query(
      `delete from record_waiting w using unnest($1::uuid[], $2::uuid[]) d(tenant, event)
        where w.tenant_id = d.tenant and w.id = d.event and w.retry_at <= now()`,
      of,
    );
    return { events: rows.length, more: rows.length === limit };
  });
}
