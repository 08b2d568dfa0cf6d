import { poolOf } from './connections';
import { isHeld } from './engine/claim';
import type { RunId, TenantId } from './ids';
import { acrossTenantsMark } from './observe';

/** Days for which samples are kept. */
const KEPT_DAYS = 14;
/** Rows that a purge takes at a time, so that it never holds anybody up. */
const BATCH = 5_000;
/** Tenants of one sample: those whose work waits longest. */
const MOST_TENANTS = 20;

const looked = acrossTenantsMark('staff see what needs a person, whoever’s it is');

/** What one process answered since it last said so. */
export interface RequestTally {
  readonly requests: number;
  /** Answered with a status of 500 and above. */
  readonly failed: number;
  /** Milliseconds of all of them together. */
  readonly ms: number;
}

/** Add what a process answered to the running minute, as `tenantry_engine`. */
export async function addRequests({ requests, failed, ms }: RequestTally): Promise<void> {
  await poolOf('engine').query({
    name: 'load-requests',
    text: `insert into load_samples as known (minute, requests, failed, request_ms)
           values (date_trunc('minute', now()), $1, $2, $3)
           on conflict (minute) do update
              set requests = known.requests + excluded.requests,
                  failed = known.failed + excluded.failed,
                  request_ms = known.request_ms + excluded.request_ms`,
    values: [requests, failed, Math.round(ms)],
  });
}

/**
 * Each part goes by its own partial index of the queue: history may be long. What waits of a tenant that
 * is held does not count: nobody is to be at it.
 */
const sampleQueue = `
with queue as (
  select count(*) filter (where wake_at <= now())::int as waiting,
         count(*) filter (where wake_at > now())::int as scheduled,
         greatest(0, coalesce(extract(epoch from now() - min(wake_at)) * 1000, 0))::bigint as oldest
    from engine.runs r
   where worker is null and wake_at is not null and not ${isHeld('r.tenant')}
)
insert into load_samples as known (minute, waiting, scheduled, oldest_wait_ms, held, workers)
select date_trunc('minute', now()), waiting, scheduled, oldest,
       (select count(*) from engine.runs where worker is not null)::int,
       (select count(*) from engine.workers where lease_until > now())::int
  from queue
on conflict (minute) do update
   set waiting = excluded.waiting, scheduled = excluded.scheduled, held = excluded.held,
       oldest_wait_ms = excluded.oldest_wait_ms, workers = excluded.workers
 where known.waiting is null`;

const sampleTenants = `
insert into load_queues (minute, tenant_id, waiting, oldest_wait_ms)
select date_trunc('minute', now()), tenant::uuid, count(*)::int,
       (extract(epoch from now() - min(wake_at)) * 1000)::bigint
  from engine.runs r
 where worker is null and wake_at <= now() and tenant !~ '^function:'
   and not ${isHeld('r.tenant')}
 group by tenant order by 4 desc, 3 desc limit ${MOST_TENANTS}
on conflict do nothing`;

/** Write down how the queue stands in this minute, unless somebody has. */
export async function sampleLoad(): Promise<void> {
  const pool = poolOf('engine');
  await pool.query(sampleQueue);
  await pool.query(`${looked}${sampleTenants}`);
}

/** Forget samples that are older than 14 days. @returns how many rows went */
export async function purgeLoad(): Promise<number> {
  let gone = 0;
  for (const table of ['load_samples', 'load_queues']) {
    let last = BATCH;
    while (last === BATCH) {
      const { rowCount } = await poolOf('engine').query(
        `${looked} delete from ${table} where ctid = any(array(
           select ctid from ${table}
            where minute < now() - interval '${KEPT_DAYS} days' limit ${BATCH}))`,
      );
      last = rowCount ?? 0;
      gone += last;
    }
  }
  return gone;
}

/** A run that is not done, and that nobody works on. */
export interface AbandonedRun {
  readonly tenantId: TenantId;
  readonly runId: RunId;
  /** When it began, or was asked for. */
  readonly since: Date;
}

/**
 * Runs that have not ended and that the engine has no work for: their job was sent on, and what it
 * started is over, or forgotten. Not those that wait for a tenant that is held: their jobs are kept. A
 * run without a job is one whose job was forgotten, which takes days.
 * @param minutes that a run, and the engine's end of it, must be past
 */
const abandoned = `
select r.tenant_id as "tenantId", r.id as "runId", coalesce(r.started_at, r.created_at) as since
  from runs r
 where coalesce(r.created_at) < now() - make_interval(mins => $1)
   and (r.state || '') in ('queued', 'running')
   and (r.created_at < now() - interval '1 day'
     or exists (select from jobs j where j.tenant_id = r.tenant_id and j.subject_id = r.id))
   and not exists (
     select from jobs j
      where j.tenant_id = r.tenant_id and j.subject_id = r.id
        and (j.dispatched_at is null or j.dispatched_at > now() - make_interval(mins => $1)
          or exists (select from engine.events v where v.id = j.id::text and v.routed_at is null)
          or exists (select from engine.runs e
                      where e.event_id = j.id::text
                        and (e.wake_at is not null or e.worker is not null
                          or e.ended_at > now() - make_interval(mins => $1)))))`;

/** @see abandoned; the oldest first */
export async function abandonedRuns(
  minutes: number,
  limit: number,
): Promise<readonly AbandonedRun[]> {
  const { rows } = await poolOf('engine').query<AbandonedRun>(
    `${looked} ${abandoned} order by r.created_at limit $2`,
    [minutes, limit],
  );
  return rows;
}

/** Runs by age alone, where the engine is not ours to look into. */
export async function runsUnfinishedFor(
  minutes: number,
  limit: number,
): Promise<readonly AbandonedRun[]> {
  const { rows } = await poolOf('engine').query<AbandonedRun>(
    `${looked}
     select tenant_id as "tenantId", id as "runId", coalesce(started_at, created_at) as since
       from runs
      where coalesce(created_at) < now() - make_interval(mins => $1)
        and (state || '') in ('queued', 'running')
      order by created_at limit $2`,
    [minutes, limit],
  );
  return rows;
}

/** How many there are of something that waits, and since when the oldest does. */
export interface Waiting {
  readonly count: number;
  readonly oldest: Date | null;
}

async function waiting(text: string, values: readonly unknown[] = []): Promise<Waiting> {
  const { rows } = await poolOf('engine').query<Waiting>(`${looked} ${text}`, [...values]);
  return rows[0] ?? { count: 0, oldest: null };
}

/** Runs that were begun so long ago and sleep: put off by a provider, or between two attempts. */
const parked = `
  from runs r
 where coalesce(r.created_at) < now() - make_interval(mins => $1)
   and (r.state || '') in ('queued', 'running')
   and exists (
     select from jobs j join engine.runs e on e.event_id = j.id::text
      where j.tenant_id = r.tenant_id and j.subject_id = r.id
        and e.worker is null and e.wake_at > now())`;

/** How many there are, and since when the oldest was asked for. */
export function parkedRuns(minutes: number): Promise<Waiting> {
  return waiting(`select count(*)::int as count, min(r.created_at) as oldest ${parked}`, [minutes]);
}

/** Which they are, the latest first. */
export async function parkedRunIds(minutes: number, limit: number): Promise<readonly RunId[]> {
  const { rows } = await poolOf('engine').query<{ readonly id: RunId }>(
    `${looked} select r.id ${parked} order by r.created_at desc limit $2`,
    [minutes, limit],
  );
  return rows.map(({ id }) => id);
}
