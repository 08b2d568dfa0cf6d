import { acrossTenantsMark } from '../observe';
import { isHeld } from './claim';
import type { EngineStore } from './store';

/** Work of one function or for one tenant that is not done. Times in milliseconds. */
export interface WorkCount {
  readonly functionId: string | null;
  /** A tenant's id, or `function:` and the function's for work that is no tenant's. */
  readonly tenant: string | null;
  readonly waiting: number;
  readonly oldestWaitMs: number;
  readonly running: number;
  readonly failing: number;
  readonly parked: number;
}

const counted = `
  count(*) filter (where worker is null and wake_at <= now())::int as waiting,
  greatest(0, coalesce(extract(epoch from now() - min(wake_at) filter (where worker is null)) * 1000, 0))::float8
    as "oldestWaitMs",
  count(*) filter (where worker is not null)::int as running,
  count(*) filter (where attempt > 0 or losses > 0)::int as failing,
  count(*) filter (where worker is null and wake_at > now())::int as parked`;

/**
 * What is not done, by the partial indexes of what waits and what is in hand: history may be long. What
 * waits of a tenant that is suspended or being deleted is left out: nobody is to be at it.
 */
const open = `(
  select * from engine.runs r
   where worker is null and wake_at is not null and not ${isHeld('r.tenant')}
   union all
  select * from engine.runs where worker is not null) work`;

/** How much of each function's work, and of each tenant's, is not done; tenants by how long they wait. */
export async function countWork(store: EngineStore, most: number): Promise<readonly WorkCount[]> {
  const { rows } = await store.query<WorkCount>(
    `(select function_id as "functionId", null as tenant, ${counted}
        from ${open} group by function_id)
      union all
     (select null, tenant, ${counted} from ${open} group by tenant
       order by 4 desc, 3 desc limit $1)`,
    [most],
  );
  return rows;
}

export type WorkState = 'running' | 'failing' | 'parked' | 'waiting';

export interface WorkFilter {
  readonly state?: WorkState | undefined;
  readonly tenant?: string | undefined;
  readonly functionId?: string | undefined;
}

/** One piece of work that is not done. */
export interface WorkRow {
  readonly id: string;
  readonly functionId: string;
  readonly tenant: string;
  readonly state: WorkState;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly wakeAt: Date | null;
  readonly attempt: number;
  readonly losses: number;
}

/** Held first, then by when it is due. */
export async function listWork(
  store: EngineStore,
  { state, tenant, functionId }: WorkFilter,
  most: number,
): Promise<readonly WorkRow[]> {
  const { rows } = await store.query<WorkRow>(
    `select id, function_id as "functionId", tenant, state, created_at as "createdAt",
            started_at as "startedAt", wake_at as "wakeAt", attempt, losses
       from (select id, function_id, tenant, created_at, started_at, wake_at, attempt, losses, worker,
                    case when worker is not null then 'running'
                         when attempt > 0 or losses > 0 then 'failing'
                         when wake_at > now() then 'parked' else 'waiting' end as state
               from ${open}) listed
      where ($1::text is null or state = $1) and ($2::text is null or tenant = $2)
        and ($3::text is null or function_id = $3)
      order by worker is null, wake_at limit $4`,
    [state ?? null, tenant ?? null, functionId ?? null, most],
  );
  return rows;
}

/** Work that ended in failure. */
export interface FailedWork {
  readonly id: string;
  readonly functionId: string;
  readonly tenant: string;
  readonly endedAt: Date;
  readonly losses: number;
  /** The final error as the engine keeps it, JSON. */
  readonly output: string | null;
}

/** What failed last, of the past day. */
export async function listFailures(
  store: EngineStore,
  { tenant, functionId }: WorkFilter,
  most: number,
): Promise<readonly FailedWork[]> {
  const { rows } = await store.query<FailedWork>(
    `select id, function_id as "functionId", tenant, ended_at as "endedAt", losses, output
       from engine.runs
      where ended_at > now() - interval '1 day' and state = 'failed'
        and ($1::text is null or tenant = $1) and ($2::text is null or function_id = $2)
      order by ended_at desc limit $3`,
    [tenant ?? null, functionId ?? null, most],
  );
  return rows;
}

/** How often each function failed in the past day, and when each that has a schedule is next due. */
export async function functionFacts(
  store: EngineStore,
): Promise<
  readonly { readonly functionId: string; readonly failed: number; readonly nextAt: Date | null }[]
> {
  const { rows } = await store.query(
    `select function_id as "functionId", coalesce(failed, 0) as failed, next_at as "nextAt"
       from (select function_id, count(*)::int as failed from engine.runs
              where ended_at > now() - interval '1 day' and state = 'failed' group by function_id) f
       full join (select function_id, min(next_at) as next_at from engine.crons group by function_id) c
      using (function_id)`,
  );
  return rows;
}

export interface WorkerRow {
  readonly id: number;
  readonly startedAt: Date;
  readonly leaseUntil: Date;
  readonly alive: boolean;
  readonly holding: number;
}

/** The processes at work. */
export async function listWorkers(store: EngineStore): Promise<readonly WorkerRow[]> {
  const { rows } = await store.query<WorkerRow>(
    `select w.id, w.started_at as "startedAt", w.lease_until as "leaseUntil",
            w.lease_until > now() as alive,
            (select count(*) from engine.runs r where r.worker = w.id)::int as holding
       from engine.workers w order by w.started_at`,
  );
  return rows;
}

/** Work asked for that has not been handed on to the functions yet, over all tenants. */
export async function undispatchedJobs(
  store: EngineStore,
): Promise<{ readonly undispatched: number }> {
  const { rows } = await store.query<{ undispatched: number }>(
    `${acrossTenantsMark('the console counts what waits to be handed on, whoever’s it is')}
     select count(*)::int as undispatched from jobs where dispatched_at is null`,
  );
  return { undispatched: rows[0]?.undispatched ?? 0 };
}
