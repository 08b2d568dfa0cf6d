import type { PoolClient } from 'pg';
import { acrossTenantsMark } from '../observe';
import type { EngineStepKind } from '../schema/engine';
import type { EngineStore } from './store';

/** Concurrency limits of one function, as counts of steps executed side by side. */
export interface FunctionLimits {
  readonly functionId: string;
  readonly perLane: number | null;
  readonly total: number | null;
  /** Its lanes are tenants, whose own limit of runs at once counts where they have one. */
  readonly runs?: boolean;
  /** It is carried out though its tenant is held. */
  readonly unheld?: boolean;
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

/** Lanes of one function that a claim looks at, on either side of where the last one left off. */
const WINDOW = 64;

const nextLane = (functionId: string, after: string) => `
  select r.lane from engine.runs r
   where r.function_id = ${functionId} and r.worker is null and r.wake_at is not null
     and r.lane > ${after}
   order by r.lane limit 1`;

/** The tenant that a text names; null for what is no tenant's. */
const tenantIn = (text: string) =>
  `case when ${text} ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then ${text}::uuid end`;

/** SQL: whether the tenant that a text names is held. */
export const isHeld = (text: string) =>
  `exists (select from public.tenants t where t.id = ${tenantIn(text)} and t.state <> 'active')`;

/**
 * Which runs, and how many slots each.
 *
 * `lanes` hops from lane to lane through the index instead of reading queues, so a long queue costs
 * as much as a short one; where there are very many lanes it looks at some, and the next claim at the
 * ones after them. From each lane come at most as many runs as could be taken. Turns go by tenant:
 * whoever holds fewest slots is next, counting what this claim gives, and among equals who has waited
 * longest since being due or, for a run that gave way, since its last turn began. Each `_before` is what is given
 * to those in front, so a limit cuts the list where it is reached. The conditions are asked again
 * when the row is locked, since another session may have ended the run meanwhile; in a form that no
 * partial index answers, so that rows are found by their id whatever the statistics say.
 *
 * What a tenant asked for that is held (suspended, or being deleted) is left where it is. Tenants are
 * looked up by their key for the lanes at hand only; a lane that is no tenant's has none.
 */
export const claimStatement = `${acrossTenantsMark('the engine takes up the runs of all tenants, each within its own limits')}
with recursive limits as (
  select * from unnest($2::text[], $3::int[], $4::int[], $7::boolean[], $8::boolean[])
           as given(function_id, per_lane, total, runs, unheld)
), lanes as (
  select function_id, ahead, until, 1 as hops,
         (select lane from (${nextLane('limits.function_id', 'since')}) next
           where until is null or lane <= until) as lane
    from limits, (values (true, $6::text, null), (false, '', $6::text)) as part(ahead, since, until)
  union all
  select function_id, ahead, until, hops + 1,
         (select next.lane from (${nextLane('lanes.function_id', 'lanes.lane')}) next
           where until is null or next.lane <= until)
    from lanes where lane is not null and hops < ${WINDOW}
), held as materialized (
  select function_id, lane, tenant, sum(slots)::int as slots
    from engine.runs where worker is not null group by grouping sets ((function_id, lane), (tenant),
         (function_id))
), totals as materialized (
  select *, coalesce((select slots from held
                       where held.function_id = limits.function_id and held.lane is null), 0) as held
    from limits
), open_lanes as (
  select lanes.function_id, lanes.lane, totals.total, totals.held as total_held, totals.unheld,
         least($5::int, coalesce(coalesce(own.runs_at_once, totals.per_lane) - coalesce(held.slots, 0), $5::int)) as free
    from lanes join totals using (function_id)
    left join held on held.function_id = lanes.function_id and held.lane = lanes.lane
    left join public.tenant_limits own on totals.runs and own.tenant_id = ${tenantIn('lanes.lane')}
   where lanes.lane is not null and (totals.unheld or not ${isHeld('lanes.lane')})
), candidates as materialized (
  select open_lanes.*, due.*
    from open_lanes cross join lateral (
      select r.id, r.tenant, r.width, r.wake_at,
             greatest(r.wake_at, r.started_at) as waiting_since
        from engine.runs r
       where r.function_id = open_lanes.function_id and r.lane = open_lanes.lane
         and r.worker is null and r.wake_at <= statement_timestamp()
         and (open_lanes.unheld or r.tenant = r.lane or not ${isHeld('r.tenant')})
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
  select laned.*, least(wants, free - lane_before)::int as may,
         coalesce(held.slots, 0)
           + coalesce(sum(wants) over (partition by laned.tenant order by wake_at, id
               rows between unbounded preceding and 1 preceding), 0) as turn
    from laned left join held on held.tenant = laned.tenant
   where free > lane_before
), totalled as (
  select *, total_held + coalesce(sum(may) over (partition by function_id order by turn, waiting_since, id
              rows between unbounded preceding and 1 preceding), 0) as total_before
    from turns
), allowed as (
  select id, turn, waiting_since, least(may, coalesce(total - total_before, may))::int as may
    from totalled where total is null or total > total_before
), counted as (
  select *, coalesce(sum(may) over (order by turn, waiting_since, id
              rows between unbounded preceding and 1 preceding), 0) as before
    from allowed
), granted as materialized (
  select id, least(may, $5::int - before)::int as slots from counted where before < $5::int
), locked as materialized (
  select r.id from engine.runs r
   where r.id = any(array(select id from granted))
     and (r.worker is null) is not distinct from true
     and (r.wake_at is not null) is not distinct from true
     for update skip locked
), claimed as (
  update engine.runs r
     set worker = $1, slots = granted.slots, fence = r.fence + 1,
         started_at = now()
    from locked join granted using (id) where r.id = locked.id
  returning r.id, r.function_id as "functionId", r.event, r.attempt, r.width, r.slots, r.fence,
            r.losses, r.wake_at as "wakeAt"
)
select claimed.*, (
         select min(last) from (
           select max(lane) as last from lanes where ahead
            group by function_id having count(lane) = ${WINDOW}) cut
       ) as next
  from (values (1)) as always left join claimed on true`;

const load = `
select run_id as "runId", id, kind, value, attempt, due_at as "dueAt"
  from engine.steps where run_id = any($1::uuid[]) order by run_id, position`;

export interface ClaimRequest {
  readonly worker: number;
  readonly limits: readonly FunctionLimits[];
  /** How many slots the worker has. */
  readonly free: number;
  /** `next` of the claim before. */
  readonly since?: string | undefined;
}

export interface Claim {
  readonly runs: readonly HeldRun[];
  /** Where the next claim is to go on; undefined when no lane was left out. */
  readonly next: string | undefined;
}

/** A claimed run before its memos are fetched. */
export type HeldRun = Omit<ClaimedRun, 'steps'>;

type ClaimRow = Omit<HeldRun, 'id'> & { readonly id: string | null; readonly next: string | null };

/**
 * Take due runs, fairly between tenants and within the functions' limits.
 * @param client within a turn
 */
export async function claimRuns(
  client: PoolClient,
  { worker, limits, free, since = '' }: ClaimRequest,
): Promise<Claim> {
  const { rows } = await client.query<ClaimRow>({
    name: 'engine-claim',
    text: claimStatement,
    values: [
      worker,
      limits.map(({ functionId }) => functionId),
      limits.map(({ perLane }) => perLane),
      limits.map(({ total }) => total),
      free,
      since,
      limits.map(({ runs = false }) => runs),
      limits.map(({ unheld = false }) => unheld),
    ],
  });
  const runs = rows.flatMap(({ next: _next, id, ...run }) => (id === null ? [] : [{ ...run, id }]));
  return { runs, next: rows[0]?.next ?? undefined };
}

/** Fetch what claimed runs remember. */
export async function withSteps(
  store: EngineStore,
  runs: readonly HeldRun[],
): Promise<ClaimedRun[]> {
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
