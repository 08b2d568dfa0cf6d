import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type engine, newId, type RunId } from '@/db';
import { type EventPath, keyOf, valueAt } from './expression';
import { jsonOf } from './operation';
import type { FunctionPlan } from './plan';

const tenantPaths: readonly EventPath[] = [
  ['data', 'tenantId'],
  // A failure handler's event carries the one that its function was started by.
  ['data', 'event', 'data', 'tenantId'],
];

/** Whose turn a run takes: the tenant its event names, or else its function's own. */
function tenantOf(event: unknown, functionId: string): string {
  const tenant = tenantPaths.map((path) => valueAt(event, path)).find((id) => id !== undefined);
  return tenant === undefined ? `function:${functionId}` : keyOf(tenant);
}

/** One short text for "a run of this function whose event has this value". */
function cancelKey(functionId: string, event: string, value: unknown): string {
  return createHash('sha1')
    .update(jsonOf([functionId, event, value === undefined ? null : value]))
    .digest('hex');
}

function newRun(plan: FunctionPlan, stored: engine.StoredEvent, event: unknown) {
  const tenant = tenantOf(event, plan.id);
  const { perKey } = plan.concurrency;
  const { throttle, idempotency } = plan;
  return {
    id: newId<RunId>(),
    functionId: plan.id,
    eventId: stored.id,
    event: stored.payload,
    tenant,
    lane: perKey ? keyOf(valueAt(event, perKey.path)) : tenant,
    cancelKeys: plan.cancelOn.map((rule) =>
      cancelKey(plan.id, rule.event, rule.match && valueAt(event, rule.match.first)),
    ),
    idempotencyKey: idempotency && keyOf(valueAt(event, idempotency)),
    throttle: throttle && {
      key: throttle.path ? keyOf(valueAt(event, throttle.path)) : '',
      intervalMs: throttle.intervalMs,
      burst: throttle.burst,
    },
  } satisfies engine.NewEngineRun;
}

const scheduledPayload = z.object({ data: z.object({ function_id: z.string() }) });

function starts(plan: FunctionPlan, stored: engine.StoredEvent, event: unknown): boolean {
  // A schedule's event is for the function whose schedule it is.
  if (stored.name === scheduledEvent) {
    return scheduledPayload.safeParse(event).data?.data.function_id === plan.id;
  }
  return plan.triggers.some(
    ({ event: name, only }) =>
      name === stored.name && (!only || valueAt(event, only.path) === only.value),
  );
}

/** The event by which a schedule starts its function. */
export const scheduledEvent = 'inngest/scheduled.timer';

/** What events give rise to: which runs start, and which are cancelled, in the events' order. */
export function planRouting(
  plans: readonly FunctionPlan[],
  events: readonly engine.StoredEvent[],
): engine.RoutingStep[] {
  const steps: engine.RoutingStep[] = [];
  let starting: engine.NewEngineRun[] = [];
  const flush = () => {
    if (starting.length > 0) steps.push({ type: 'start', runs: starting });
    starting = [];
  };
  for (const stored of events) {
    const event: unknown = JSON.parse(stored.payload);
    const keys = plans.flatMap((plan) =>
      plan.cancelOn
        .filter((rule) => rule.event === stored.name)
        .map(({ match }) => cancelKey(plan.id, stored.name, match && valueAt(event, match.later))),
    );
    if (keys.length > 0) {
      flush();
      steps.push({ type: 'cancel', keys });
    }
    for (const plan of plans) {
      if (starts(plan, stored, event)) starting.push(newRun(plan, stored, event));
    }
  }
  flush();
  return steps;
}
