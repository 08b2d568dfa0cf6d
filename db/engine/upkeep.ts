import { isHeld } from './claim';
import type { EngineStore } from './store';

/** At most this many rows go at a time, so that a purge never holds anybody up. */
const BATCH = 2_000;

const purgeRuns = `
with gone as (
  delete from engine.runs where id in (
    select id from engine.runs
     where ended_at < now() - $1 * interval '1 millisecond' limit ${BATCH})
  returning id
), memos as (
  delete from engine.steps where run_id in (select id from gone)
)
select from gone`;

/** Ids are remembered for 24 hours, whatever the retention. */
const purgeEvents = `
delete from engine.events where id in (
  select id from engine.events
   where routed_at is not null
     and received_at < now() - greatest($1 * interval '1 millisecond', interval '24 hours')
   limit ${BATCH})`;

const purgeKeys = `
delete from engine.dedupe where (function_id, key) in (
  select function_id, key from engine.dedupe
   where seen_at < now() - interval '24 hours' limit ${BATCH})`;

const purgeThrottles = `delete from engine.throttles where next_at < now() - interval '1 hour'`;

/** Forget ended runs with their memos, and events, that are older than `retentionMs`. */
export async function purgeHistory(store: EngineStore, retentionMs: number): Promise<void> {
  for (const text of [purgeRuns, purgeEvents]) {
    let more = true;
    while (more) more = (await store.query(text, [retentionMs])).rowCount === BATCH;
  }
  await store.query(purgeKeys);
  await store.query(purgeThrottles);
}

export interface QueueStatus {
  /** Due, and nobody at it; nothing of tenants that are held counts as waiting or scheduled. */
  readonly waiting: number;
  /** How long the one that waits longest has been due, in milliseconds. */
  readonly oldestWaitMs: number;
  /** In the hands of a worker. */
  readonly held: number;
  /** Asleep, or between two attempts. */
  readonly scheduled: number;
  /** Events that are not yet runs. */
  readonly unrouted: number;
  readonly workers: number;
}

/** Each part goes by its own partial index: history may be long. */
const status = `
select queue.*,
       (select count(*) from engine.runs where worker is not null)::int as "held",
       (select count(*) from engine.events where routed_at is null)::int as "unrouted",
       (select count(*) from engine.workers where lease_until > now())::int as "workers"
  from (
    select count(*) filter (where wake_at <= now())::int as "waiting",
           greatest(0, coalesce(extract(epoch from now() - min(wake_at)) * 1000, 0))::float8
             as "oldestWaitMs",
           count(*) filter (where wake_at > now())::int as "scheduled"
      from engine.runs r
     where worker is null and wake_at is not null and not ${isHeld('r.tenant')}
  ) queue`;

/** How the queue stands, over all processes. */
export async function queueStatus(store: EngineStore): Promise<QueueStatus> {
  const { rows } = await store.query<QueueStatus>(status);
  const [row] = rows;
  if (!row) throw new Error('an aggregate gives one row');
  return row;
}
