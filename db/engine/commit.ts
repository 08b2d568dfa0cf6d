import type { EngineRunState, EngineStepKind } from '../schema/engine';
import { type EngineStore, eventsChannel } from './store';

export interface StepRow {
  readonly id: string;
  readonly kind: EngineStepKind;
  readonly position: number;
  readonly value: string | null;
  readonly attempt: number;
  readonly dueAt: Date | null;
}

/** What becomes of the run beyond its steps; without one, its holder goes on with it. */
export type RunChange =
  | {
      readonly type: 'release';
      /** Null leaves it due as it was. */
      readonly wakeAt: Date | null;
      readonly attempt: number;
      readonly width: number;
    }
  | {
      readonly type: 'end';
      readonly state: Exclude<EngineRunState, 'active'>;
      readonly output: string;
    };

/** One piece of progress by the holder of a run. */
export interface Commit {
  readonly runId: string;
  readonly worker: number;
  readonly fence: number;
  readonly steps: readonly StepRow[];
  readonly change: RunChange | undefined;
  /** An event that is sent with it. */
  readonly event:
    | { readonly id: string; readonly name: string; readonly payload: string }
    | undefined;
}

/**
 * Memos, what is next and what it gives rise to, all or nothing, for as many runs as come together.
 * `held` locks the runs and leaves out those whose fence has moved on. It finds them by id: the
 * comparison of workers is in a form that no index answers.
 */
export const commitStatement = `
with given as (
  select * from unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::timestamptz[], $6::int[],
                       $7::int[], $8::text[])
    as given(id, worker, fence, change, wake_at, attempt, width, output)
), held as materialized (
  select r.id from engine.runs r join given
      on r.id = given.id and r.fence = given.fence
         and r.worker is not distinct from given.worker
   order by r.id for no key update of r
), remembered as (
  insert into engine.steps (run_id, id, kind, position, value, attempt, due_at)
  select step.* from unnest($9::uuid[], $10::text[], $11::text[], $12::int[], $13::text[],
                            $14::int[], $15::timestamptz[])
           as step(run_id, id, kind, position, value, attempt, due_at)
    join held on held.id = step.run_id
  on conflict (run_id, id) do update
     set kind = excluded.kind, position = excluded.position, value = excluded.value,
         attempt = excluded.attempt, due_at = excluded.due_at
), released as (
  update engine.runs r
     set worker = null, slots = 0, wake_at = coalesce(given.wake_at, r.wake_at),
         attempt = given.attempt, width = given.width
    from given join held using (id)
   where r.id = given.id and given.change = 'release'
), ended as (
  update engine.runs r
     set worker = null, slots = 0, wake_at = null, ended_at = now(), state = given.change,
         output = given.output
    from given join held using (id)
   where r.id = given.id and given.change in ('completed', 'failed', 'cancelled')
), sent as (
  insert into engine.events (id, name, payload)
  select event.id, event.name, event.payload
    from unnest($16::uuid[], $17::text[], $18::text[], $19::text[])
           as event(run_id, id, name, payload)
    join held on held.id = event.run_id
  on conflict (id) do nothing
  returning id
), woken as (
  select pg_notify('${eventsChannel}', '') from (select from sent limit 1) as something
)
select held.id, (select count(*) from woken) as woken from held`;

/**
 * Write progress of several runs in one go; a run appears at most once.
 * @returns ids of the runs that were still held; the others' progress is void
 */
export async function commitProgress(
  store: EngineStore,
  commits: readonly Commit[],
): Promise<ReadonlySet<string>> {
  const steps = commits.flatMap(({ runId, steps }) => steps.map((step) => ({ runId, ...step })));
  const events = commits.flatMap(({ runId, event }) => (event ? [{ runId, ...event }] : []));
  const released = commits.map(({ change }) => (change?.type === 'release' ? change : undefined));
  const ended = commits.map(({ change }) => (change?.type === 'end' ? change : undefined));
  const { rows } = await store.query<{ id: string }>({
    name: 'engine-commit',
    text: commitStatement,
    values: [
      commits.map(({ runId }) => runId),
      commits.map(({ worker }) => worker),
      commits.map(({ fence }) => fence),
      commits.map(({ change }) => (change?.type === 'end' ? change.state : change?.type) ?? 'keep'),
      released.map((change) => change?.wakeAt ?? null),
      released.map((change) => change?.attempt ?? null),
      released.map((change) => change?.width ?? null),
      ended.map((change) => change?.output ?? null),
      steps.map(({ runId }) => runId),
      steps.map(({ id }) => id),
      steps.map(({ kind }) => kind),
      steps.map(({ position }) => position),
      steps.map(({ value }) => value),
      steps.map(({ attempt }) => attempt),
      steps.map(({ dueAt }) => dueAt),
      events.map(({ runId }) => runId),
      events.map(({ id }) => id),
      events.map(({ name }) => name),
      events.map(({ payload }) => payload),
    ],
  });
  return new Set(rows.map(({ id }) => id));
}
