import {
  type AutomationId,
  type ConnectionId,
  newId,
  type RunId,
  type RunStepId,
  type TenantContext,
  withTenant,
} from '@/db';
import { automations, runSteps, runs } from '@/db/schema';

/** A run of an automation on a connection, with a step for changes to be made in. */
export async function runStepOn(
  context: TenantContext & { readonly userId: typeof automations.$inferInsert.createdBy },
  connectionId: ConnectionId,
): Promise<{ readonly runId: RunId; readonly runStepId: RunStepId }> {
  const runId = newId<RunId>();
  const runStepId = newId<RunStepId>();
  const automationId = newId<AutomationId>();
  const { tenantId } = context;
  await withTenant(context, async (tx) => {
    await tx.insert(automations).values({
      ...{ tenantId, id: automationId, connectionId, createdBy: context.userId },
      ...{ name: 'A', template: 't', parameters: {}, trigger: { type: 'manual' } },
    });
    await tx.insert(runs).values({
      ...{ tenantId, id: runId, automationId, connectionId, trigger: 'manual', parameters: {} },
    });
    await tx.insert(runSteps).values({
      ...{ tenantId, id: runStepId, runId, key: 'send', position: 0 },
      ...{ action: 'mail.send', title: 'Send' },
    });
  });
  return { runId, runStepId };
}
