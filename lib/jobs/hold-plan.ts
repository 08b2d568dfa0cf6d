import { passesHold } from './hold';
import type { EventTrigger, FunctionPlan } from './plan';

/** The function that carries out runs: a tenant's own limit of runs at once is about it. */
export const runsFunction = 'tenantry-automation-run';

const failed = 'inngest/function.failed';

/**
 * Functions that go on while their tenant is held: those about the tenant itself, and the failure
 * handlers of those.
 */
export function unheldFunctions(plans: readonly FunctionPlan[]): ReadonlySet<string> {
  const passing = (trigger: EventTrigger) => passesHold(trigger.event);
  const own = new Set(
    plans
      .filter(({ triggers }) => triggers.length > 0 && triggers.every(passing))
      .map(({ id }) => id),
  );
  const handles = ({ triggers }: FunctionPlan) =>
    triggers.length > 0 &&
    triggers.every(({ event, only }) => event === failed && only && own.has(only.value));
  return new Set([...own, ...plans.filter(handles).map(({ id }) => id)]);
}
