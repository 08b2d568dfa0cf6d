import type { PoolClient } from 'pg';
import { type EngineStore, runsChannel } from './store';

export interface StoredEvent {
  readonly id: string;
  readonly name: string;
  readonly payload: string;
}

export interface NewEngineRun {
  readonly id: string;
  readonly functionId: string;
  readonly eventId: string;
  readonly event: string;
  readonly tenant: string;
  readonly lane: string;
  readonly cancelKeys: readonly string[];
  /** Starts at most once in 24 hours per key. */
  readonly idempotencyKey: string | undefined;
  readonly throttle: StartThrottle | undefined;
}

export interface StartThrottle {
  readonly key: string;
  /** Between two starts, in milliseconds. */
  readonly intervalMs: number;
  /** Starts that may come at once. */
  readonly burst: number;
}

/** What is to happen because of events, in their order. */
export type RoutingStep =
  | { readonly type: 'start'; readonly runs: readonly NewEngineRun[] }
  | { readonly type: 'cancel'; readonly keys: readonly string[] };

/** Takes the events that came first; in which order they are given is left open. */
const take = `
with waiting as (
  select id from engine.events where routed_at is null order by sequence limit $1
)
update engine.events set routed_at = now()
  from waiting where events.id = waiting.id
returning events.id, events.sequence::float8 as sequence, events.name, events.payload`;

const remember = `
insert into engine.dedupe as known (function_id, key)
select distinct function_id, key from unnest($1::text[], $2::text[]) as given(function_id, key)
on conflict (function_id, key) do update set seen_at = now()
 where known.seen_at < now() - interval '24 hours'
returning function_id, key`;

/** GCRA: the stored moment is when the start after this one would be on time. */
const reserve = `
insert into engine.throttles as known (function_id, key, next_at)
values ($1, $2, now() + $3 * interval '1 millisecond')
on conflict (function_id, key) do update
   set next_at = greatest(known.next_at, now()) + $3 * interval '1 millisecond'
returning greatest(now(), next_at - $3 * $4 * interval '1 millisecond') as start_at`;

const start = `
with started as (
  insert into engine.runs
    (id, function_id, event_id, event, tenant, lane, cancel_keys, wake_at)
  select id, function_id, event_id, event, tenant, lane,
         string_to_array(nullif(cancel_keys, ''), ','), coalesce(start_at, now())
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                $8::timestamptz[])
      as given(id, function_id, event_id, event, tenant, lane, cancel_keys, start_at)
)
select pg_notify('${runsChannel}', '')`;

const cancel = `
update engine.runs
   set state = 'cancelled', ended_at = now(), wake_at = null, worker = null, slots = 0,
       fence = fence + 1
 where wake_at is not null and cancel_keys && $1::text[]`;

async function withoutRepetitions(
  client: PoolClient,
  runs: readonly NewEngineRun[],
): Promise<readonly NewEngineRun[]> {
  const keyed = runs.filter(({ idempotencyKey }) => idempotencyKey !== undefined);
  if (keyed.length === 0) return runs;
  const { rows } = await client.query<{ function_id: string; key: string }>(remember, [
    keyed.map(({ functionId }) => functionId),
    keyed.map(({ idempotencyKey }) => idempotencyKey),
  ]);
  const identity = (functionId: string, key: string) => `${functionId}\n${key}`;
  const fresh = new Set(rows.map((row) => identity(row.function_id, row.key)));
  return runs.filter(
    ({ functionId, idempotencyKey }) =>
      idempotencyKey === undefined || fresh.delete(identity(functionId, idempotencyKey)),
  );
}

async function startTime(client: PoolClient, run: NewEngineRun): Promise<Date | null> {
  if (!run.throttle) return null;
  const { key, intervalMs, burst } = run.throttle;
  const { rows } = await client.query<{ start_at: Date }>(reserve, [
    run.functionId,
    key,
    intervalMs,
    burst,
  ]);
  return rows[0]?.start_at ?? null;
}

async function startRuns(client: PoolClient, given: readonly NewEngineRun[]): Promise<void> {
  const runs = await withoutRepetitions(client, given);
  if (runs.length === 0) return;
  const startTimes: (Date | null)[] = [];
  for (const run of runs) startTimes.push(await startTime(client, run));
  await client.query({
    name: 'engine-start',
    text: start,
    values: [
      runs.map(({ id }) => id),
      runs.map(({ functionId }) => functionId),
      runs.map(({ eventId }) => eventId),
      runs.map(({ event }) => event),
      runs.map(({ tenant }) => tenant),
      runs.map(({ lane }) => lane),
      runs.map(({ cancelKeys }) => cancelKeys.join(',')),
      startTimes,
    ],
  });
}

export interface Routing {
  /** Most events at once. */
  readonly limit: number;
  /** What is to happen because of these events, which are given in their order. */
  readonly plan: (events: readonly StoredEvent[]) => readonly RoutingStep[];
}

/**
 * Turn waiting events into runs and cancellations.
 * @param client within a turn
 * @returns how many events were taken
 */
export async function routeEvents(client: PoolClient, { limit, plan }: Routing): Promise<number> {
  const { rows } = await client.query<StoredEvent & { sequence: number }>({
    name: 'engine-take',
    text: take,
    values: [limit],
  });
  const events = rows.toSorted((a, b) => a.sequence - b.sequence);
  for (const step of plan(events)) {
    if (step.type === 'cancel') await client.query(cancel, [step.keys]);
    else await startRuns(client, step.runs);
  }
  return events.length;
}

/** End the runs that an event started, at once. @returns how many there were */
export async function cancelRunsOfEvent(store: EngineStore, eventId: string): Promise<number> {
  const { rowCount } = await store.query(
    `update engine.runs
        set state = 'cancelled', ended_at = now(), wake_at = null, worker = null, slots = 0,
            fence = fence + 1
      where event_id = $1 and wake_at is not null`,
    [eventId],
  );
  return rowCount ?? 0;
}
