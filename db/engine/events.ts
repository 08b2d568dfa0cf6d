import { type EngineStore, eventsChannel } from './store';

export interface NewEngineEvent {
  readonly id: string;
  readonly name: string;
  /** The event as JSON, as functions will get it. */
  readonly payload: string;
}

/** An id seen again within 24 hours is a repetition, as in Inngest. */
const insert = `
with given as (
  select distinct on (id) id, name, payload, position
    from unnest($1::text[], $2::text[], $3::text[])
      with ordinality as event(id, name, payload, position)
   order by id, position
), added as (
  insert into engine.events as known (id, name, payload)
  select id, name, payload from given order by position
  on conflict (id) do update
     set name = excluded.name, payload = excluded.payload, received_at = now(), routed_at = null
   where known.received_at < now() - interval '24 hours'
  returning id
)
select pg_notify('${eventsChannel}', '') from (select from added limit 1) as something`;

/** Take in events, repetitions left out, and wake the engines. */
export async function insertEvents(
  store: EngineStore,
  events: readonly NewEngineEvent[],
): Promise<void> {
  await store.query({
    name: 'engine-events',
    text: insert,
    values: [
      events.map(({ id }) => id),
      events.map(({ name }) => name),
      events.map(({ payload }) => payload),
    ],
  });
}
