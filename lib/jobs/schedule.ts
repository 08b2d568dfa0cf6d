import { engine } from '@/db';
import { jsonOf } from './operation';
import { type FunctionPlan, nextCronTime } from './plan';
import { scheduledEvent } from './routing';

const schedules = (plans: readonly FunctionPlan[]): engine.CronSchedule[] =>
  plans.flatMap(({ id, crons }) => crons.map((expression) => ({ functionId: id, expression })));

/** Bring the stored schedules to what the functions say. */
export async function storeSchedules(
  store: engine.EngineStore,
  plans: readonly FunctionPlan[],
): Promise<void> {
  const now = new Date();
  await engine.storeCrons(
    store,
    plans.map(({ id }) => id),
    schedules(plans).map((cron) => ({ ...cron, nextAt: nextCronTime(cron.expression, now) })),
  );
}

/** One event per schedule and time: its id makes a second firing a repetition. */
function firing({ functionId, expression, dueAt }: engine.DueCron): engine.CronFiring {
  const id = `cron:${functionId}:${expression}:${dueAt.toISOString()}`.slice(0, 255);
  const payload = jsonOf({
    id,
    name: scheduledEvent,
    ts: dueAt.getTime(),
    data: { cron: expression, function_id: functionId },
  });
  return {
    event: { id, name: scheduledEvent, payload },
    nextAt: nextCronTime(expression, new Date()),
  };
}

/** Start what is due by schedule. Times missed while nothing ran are made up for once, not each. */
export async function fireSchedules(
  store: engine.EngineStore,
  plans: readonly FunctionPlan[],
): Promise<number> {
  return engine.fireCrons(store, schedules(plans), firing);
}
