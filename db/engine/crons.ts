import type { NewEngineEvent } from './events';
import { type EngineStore, eventsChannel, inTransaction } from './store';

export interface CronSchedule {
  readonly functionId: string;
  readonly expression: string;
}

export interface DueCron extends CronSchedule {
  readonly dueAt: Date;
}

/** What becomes of a schedule that is due: the event of this time, and the next time. */
export interface CronFiring {
  readonly event: NewEngineEvent;
  readonly nextAt: Date;
}

/**
 * Make the stored schedules of these functions what the code says. A schedule that stays keeps its
 * next time, so that one missed while nothing ran is made up for once.
 */
export async function storeCrons(
  store: EngineStore,
  functionIds: readonly string[],
  crons: readonly (CronSchedule & { readonly nextAt: Date })[],
): Promise<void> {
  const columns = [crons.map((cron) => cron.functionId), crons.map((cron) => cron.expression)];
  await inTransaction(store, 'begin', async (client) => {
    await client.query(
      `delete from engine.crons where function_id = any($1::text[]) and (function_id, expression)
         not in (select * from unnest($2::text[], $3::text[]))`,
      [functionIds, ...columns],
    );
    await client.query(
      `insert into engine.crons (function_id, expression, next_at)
       select * from unnest($1::text[], $2::text[], $3::timestamptz[])
       on conflict (function_id, expression) do nothing`,
      [...columns, crons.map(({ nextAt }) => nextAt)],
    );
  });
}

/**
 * Fire what is due, in one transaction with the move to the next time; several processes may call
 * this at once.
 * @param known schedules that the caller knows; others are for a process that does
 * @returns how many fired
 */
export async function fireCrons(
  store: EngineStore,
  known: readonly CronSchedule[],
  fire: (cron: DueCron) => CronFiring,
): Promise<number> {
  if (known.length === 0) return 0;
  return inTransaction(store, 'begin', async (client) => {
    const { rows } = await client.query<DueCron>({
      name: 'engine-crons',
      text: `select function_id as "functionId", expression, next_at as "dueAt"
               from engine.crons
              where next_at <= now()
                and (function_id, expression) in (select * from unnest($1::text[], $2::text[]))
                for update skip locked`,
      values: [known.map((cron) => cron.functionId), known.map((cron) => cron.expression)],
    });
    for (const cron of rows) {
      const { event, nextAt } = fire(cron);
      await client.query(
        `with fired as (update engine.crons set next_at = $3
                         where function_id = $1 and expression = $2)
         insert into engine.events (id, name, payload) values ($4, $5, $6) on conflict do nothing`,
        [cron.functionId, cron.expression, nextAt, event.id, event.name, event.payload],
      );
    }
    if (rows.length > 0) await client.query(`select pg_notify('${eventsChannel}', '')`);
    return rows.length;
  });
}
