import type { EngineStepKind } from '../schema/engine';
import { beginHolding, claimLock } from './locks';
import { type EngineStore, inTransaction } from './store';

/** Concurrency limits of one function, as counts of steps executed side by side. */
export interface FunctionLimits {
  readonly functionId: string;
  readonly perLane: number | null;
  readonly total: number | null;
}

export interface StoredStep {
  readonly id: string;
  readonly kind: EngineStepKind;
  readonly value: string | null;
  readonly attempt: number;
  readonly dueAt: Date | null;
}

export interface ClaimedRun {
  readonly id: string;
  readonly functionId: string;
  readonly event: string;
  readonly attempt: number;
  readonly width: number;
  readonly slots: number;
  readonly fence: number;
  readonly losses: number;
  /** When it was due. */
  readonly wakeAt: Date;
  readonly steps: readonly StoredStep[];
}

/**
 * Which runs, and how many slots each.
 *
 * `lanes` hops from lane to lane through the index instead of reading queues, so a long queue costs
 * as much as a short one. From each lane come at most as many runs as could be taken. Turns go by
 * tenant: whoever holds fewest slots is next, counting what this claim gives. Each `_before` is what
 * is given to those in front, so a limit cuts the list where it is reached. `worker is null` is
 * asked again when the row is locked: another session may have ended the run meanwhile.
 */
const claim = `
with recursive limits as (
  select * from unnest($2::text[], $3::int[], $4::int[]) as given(function_id, per_lane, total)
), lanes as (
  select function_id,
         (select r.lane from engine.runs r
           where r.function_id = limits.function_id and r.worker is null and r.wake_at is not null
           order by r.lane limit 1) as lane
    from limits
  union all
  select function_id,
         (select r.lane from engine.runs r
           where r.function_id = lanes.function_id and r.worker is null and r.wake_at is not null
             and r.lane > lanes.lane
           order by r.lane limit 1)
    from lanes where lane is not null
), held as materialized (
  select function_id, lane, tenant, sum(slots)::int as slots
    from engine.runs where worker is not null group by 1, 2, 3
), open_lanes as (
  select l.function_id, l.lane, limits.total,
         least($5::int, coalesce(limits.per_lane, $5::int) - coalesce(
           (select sum(slots) from held h
             where h.function_id = l.function_id and h.lane = l.lane), 0))::int as free
    from lanes l join limits using (function_id) where l.lane is not null
), candidates as (
  select open_lanes.*, due.*
    from open_lanes cross join lateral (
      select r.id, r.tenant, r.width, r.wake_at from engine.runs r
       where r.function_id = open_lanes.function_id and r.lane = open_lanes.lane
         and r.worker is null and r.wake_at <= statement_timestamp()
       order by r.wake_at limit greatest(open_lanes.free, 0)
    ) due
), wanting as (
  select *, least(width, greatest(1, $5::int / (select count(distinct tenant) from candidates)))::int
              as wants
    from candidates
), laned as (
  select *, coalesce(sum(wants) over (partition by function_id, lane order by wake_at, id
              rows between unbounded preceding and 1 preceding), 0) as lane_before
    from wanting
), turns as (
  select *, least(wants, free - lane_before)::int as may,
         coalesce((select sum(slots) from held h where h.tenant = laned.tenant), 0)
           + coalesce(sum(wants) over (partition by tenant order by wake_at, id
               rows between unbounded preceding and 1 preceding), 0) as turn
    from laned where free > lane_before
), totalled as (
  select *, coalesce(sum(may) over (partition by function_id order by turn, wake_at, id
              rows between unbounded preceding and 1 preceding), 0)
            + coalesce((select sum(slots) from held h
                         where h.function_id = turns.function_id), 0) as total_before
    from turns
), allowed as (
  select id, turn, wake_at, least(may, coalesce(total - total_before, may))::int as may
    from totalled where total is null or total > total_before
), counted as (
  select *, coalesce(sum(may) over (order by turn, wake_at, id
              rows between unbounded preceding and 1 preceding), 0) as before
    from allowed
), granted as (
  select id, least(may, $5::int - before)::int as slots from counted where before < $5::int
), locked as (
  select r.id, granted.slots from engine.runs r join granted using (id)
   where r.worker is null and r.wake_at is not null
     for update of r skip locked
)
update engine.runs r
   set worker = $1, slots = locked.slots, fence = r.fence + 1,
       started_at = coalesce(r.started_at, now())
  from locked where r.id = locked.id
returning r.id, r.function_id as "functionId", r.event, r.attempt, r.width, r.slots, r.fence,
          r.losses, r.wake_at as "wakeAt"`;

const load = `
select run_id as "runId", id, kind, value, attempt, due_at as "dueAt"
  from engine.steps where run_id = any($1::uuid[]) order by run_id, position`;

/**
 * Take due runs for `worker`, fairly between tenants and within the functions' limits.
 * @param free how many slots the worker has
 */
export async function claimRuns(
  store: EngineStore,
  worker: number,
  limits: readonly FunctionLimits[],
  free: number,
): Promise<ClaimedRun[]> {
  const runs = await inTransaction(store, beginHolding(claimLock), async (client) => {
    const { rows } = await client.query<Omit<ClaimedRun, 'steps'>>({
      name: 'engine-claim',
      text: claim,
      values: [
        worker,
        limits.map(({ functionId }) => functionId),
        limits.map(({ perLane }) => perLane),
        limits.map(({ total }) => total),
        free,
      ],
    });
    return rows;
  });
  // A first claim has nothing to remember.
  const known = runs.filter(({ fence }) => fence > 1).map(({ id }) => id);
  const steps = known.length === 0 ? [] : await loadSteps(store, known);
  return runs.map((run) => ({ ...run, steps: steps.filter(({ runId }) => runId === run.id) }));
}

async function loadSteps(
  store: EngineStore,
  runIds: readonly string[],
): Promise<(StoredStep & { runId: string })[]> {
  const { rows } = await store.query<StoredStep & { runId: string }>({
    name: 'engine-load',
    text: load,
    values: [runIds],
  });
  return rows;
}
