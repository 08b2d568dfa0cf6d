import {
  type AutomationId,
  type ConnectionId,
  newId,
  type RunId,
  type TenantId,
  type UserId,
  withTenant,
} from '@/db';
import { automations, connections, effects, providerCalls, runSteps, runs } from '@/db/schema';
import type { TestDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { recordAudit } from '@/lib/audit';

/** What a tenant calls and holds; staff see none of it. */
export const secret = 'Plan Zugspitze';

/** A member of staff; `userId` is that of nobody else. */
export const somebodyOfStaff = (): StaffContext => ({
  userId: newId<UserId>(),
  role: 'support',
  name: 'Sam Support',
  email: 'sam@support.example',
  requestId: `staff-${newId()}`,
});

export interface RunStory {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly runId: RunId;
  readonly connectionId: ConnectionId;
  readonly automationId: AutomationId;
  readonly requestId: string;
}

/** A run as the product writes it: asked for by somebody, a step under way, one call, one change. */
export async function runStory(
  database: TestDatabase,
  name: string,
  { minutesAgo = 1 } = {},
): Promise<RunStory> {
  const { tenantId } = await database.createTenant(name);
  const { userId } = await database.createMember({ tenantId });
  const [connectionId, automationId] = [newId<ConnectionId>(), newId<AutomationId>()];
  const [runId, requestId] = [newId<RunId>(), `request-${newId()}`];
  const stepId = newId<typeof runSteps.$inferSelect.id>();
  const at = new Date(Date.now() - minutesAgo * 60_000);
  await withTenant({ tenantId }, async (tx) => {
    await tx.insert(connections).values({
      ...{ tenantId, id: connectionId, provider: 'google', state: 'active', createdBy: userId },
      accountEmail: `${secret}@example.com`,
    });
    await tx.insert(automations).values({
      ...{ tenantId, id: automationId, name: secret, template: 'external-files', connectionId },
      ...{ parameters: { secret }, trigger: { type: 'manual' }, createdBy: userId },
    });
    await tx.insert(runs).values({
      ...{ tenantId, id: runId, automationId, connectionId, trigger: 'manual', state: 'running' },
      ...{ parameters: { secret }, requestedBy: userId, error: secret },
      ...{ createdAt: at, startedAt: at },
    });
    await tx.insert(runSteps).values({
      ...{ tenantId, id: stepId, runId, key: 'scan', position: 0, action: 'files.scan' },
      ...{ title: secret, input: { secret }, output: { secret }, error: secret },
      ...{ state: 'running', attempts: 2, queuedAt: at, startedAt: at },
    });
    await tx.insert(providerCalls).values({
      ...{ tenantId, connectionId, runId, runStepId: stepId, method: 'GET', outcome: 'ok' },
      ...{ host: 'www.googleapis.com', path: `/${secret}`, status: 200, durationMs: 84 },
    });
    await tx.insert(effects).values({
      ...{ tenantId, runId, runStepId: stepId, connectionId, action: 'files.share' },
      ...{ idempotencyKey: secret, target: secret, state: 'done', providerReference: secret },
    });
    const person = { type: 'member', id: userId, name: secret } as const;
    const context = { tenantId, requestId, runId, connectionId };
    const target = { type: 'run', id: runId, name: secret };
    await recordAudit(tx, { ...context, actor: person }, { action: 'run.requested', target });
    const automation = { type: 'automation', id: automationId, name: secret } as const;
    await recordAudit(
      tx,
      { ...context, actor: automation },
      { action: 'effect.done', target: { type: 'effect', id: newId(), name: secret } },
    );
  });
  return { tenantId, userId, runId, connectionId, automationId, requestId };
}
