import { isDeepStrictEqual } from 'node:util';
import {
  type AutomationId,
  and,
  type ConnectionId,
  eq,
  isNull,
  type RunId,
  type TenantTransaction,
  type UserId,
  withTenant,
} from '@/db';
import { automations, connections, runs } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { stateMeanings, wantsReconnect } from '@/lib/connections/contract';
import { found, PublicError } from '@/lib/errors';
import { enqueueJob } from '@/lib/jobs';
import type { ActingContext, MemberContext } from '@/lib/tenancy';
import { admitRun, RunsUsedUp } from '@/lib/usage';
import { isFinished, type RunTrigger } from '../contract';
import { recordRefusal } from './refuse';

/** The kind of job, and so the event, that executes a run. */
export const runRequested = 'run/requested';

type Automation = Pick<
  typeof automations.$inferSelect,
  'id' | 'name' | 'connectionId' | 'parameters'
>;

interface NewRun {
  readonly id: RunId;
  readonly automation: Automation;
  readonly trigger: RunTrigger;
  readonly dryRun: boolean;
  readonly requestedBy?: UserId;
  readonly rerunOf?: RunId;
}

/**
 * Write a run with its job and its audit event. The id is the idempotency key: asked for again, the
 * same run is found and nothing is started twice.
 * @throws PublicError `conflict` when the id belongs to a run of another automation or kind; RunsUsedUp
 *   when the organisation has had its runs of this month
 */
export async function insertRun(
  tx: TenantTransaction,
  context: ActingContext,
  { id, automation, trigger, dryRun, requestedBy, rerunOf }: NewRun,
): Promise<void> {
  const { tenantId } = context;
  const inserted = await tx
    .insert(runs)
    .values({
      tenantId,
      id,
      // By this process's clock, in whole milliseconds: lists page by it.
      createdAt: new Date(),
      automationId: automation.id,
      connectionId: automation.connectionId,
      parameters: automation.parameters,
      trigger,
      dryRun,
      ...(requestedBy ? { requestedBy } : {}),
      ...(rerunOf ? { rerunOf } : {}),
    })
    .onConflictDoNothing({ target: [runs.tenantId, runs.id] })
    .returning({ id: runs.id });
  const asked = { automationId: automation.id, dryRun, rerunOf: rerunOf ?? null };
  if (inserted.length === 0) return requireSameRun(tx, context, id, asked);
  await admitRun(tx, context);
  await enqueueJob(tx, context, { kind: runRequested, subjectId: id });
  await recordAudit(
    tx,
    { ...context, runId: id },
    {
      action: 'run.requested',
      target: { type: 'run', id, name: automation.name },
      connectionId: automation.connectionId,
      details: { trigger, dryRun, ...(rerunOf ? { rerunOf } : {}) },
    },
  );
}

async function requireSameRun(
  tx: TenantTransaction,
  { tenantId }: ActingContext,
  id: RunId,
  asked: Pick<typeof runs.$inferSelect, 'automationId' | 'dryRun' | 'rerunOf'>,
): Promise<void> {
  const [existing] = await tx
    .select({ automationId: runs.automationId, dryRun: runs.dryRun, rerunOf: runs.rerunOf })
    .from(runs)
    .where(and(eq(runs.tenantId, tenantId), eq(runs.id, id)));
  if (!isDeepStrictEqual(existing, asked)) {
    throw new PublicError('conflict', 'This run was asked for already. Load the page again.');
  }
}

/** The same, or the refusal put on record in its place: for whom to throw it once that is kept. */
async function insertOrRefuse(
  tx: TenantTransaction,
  context: ActingContext,
  run: NewRun,
): Promise<RunsUsedUp | null> {
  try {
    await tx.transaction((inner) => insertRun(inner, context, run));
    return null;
  } catch (error) {
    if (!(error instanceof RunsUsedUp)) throw error;
    await recordRefusal(tx, context, run.automation, { trigger: run.trigger, reason: error });
    return error;
  }
}

/** An automation that may be started now, by hand, on this connection or its own. */
async function startable(
  tx: TenantTransaction,
  { tenantId }: ActingContext,
  id: AutomationId,
  connectionId: ConnectionId | null,
): Promise<Automation> {
  const [row] = await tx
    .select({ automation: automations, state: connections.state })
    .from(automations)
    .innerJoin(
      connections,
      and(
        eq(connections.tenantId, automations.tenantId),
        eq(connections.id, connectionId ?? automations.connectionId),
      ),
    )
    .where(
      and(
        eq(automations.tenantId, tenantId),
        eq(automations.id, id),
        isNull(automations.archivedAt),
      ),
    );
  const { automation, state } = found(row);
  if (!automation.enabled) {
    throw new PublicError('conflict', 'This automation is switched off. Switch it on first.');
  }
  if (wantsReconnect(state)) {
    throw new PublicError('conflict', `Its connection can’t be used: ${stateMeanings[state]}`);
  }
  return automation;
}

interface RunRequest {
  readonly automationId: AutomationId;
  readonly dryRun: boolean;
  /** A UUID made by the form: pressed twice, it is still one run. */
  readonly key: string;
}

/**
 * Ask for a run now.
 * @returns its id, the same for the same key
 * @throws PublicError `not_found`, `conflict`
 */
export async function requestRun(
  context: MemberContext,
  { automationId, dryRun, key }: RunRequest,
): Promise<RunId> {
  const id = key as RunId;
  const refused = await withTenant(context, async (tx) => {
    const automation = await startable(tx, context, automationId, null);
    return insertOrRefuse(tx, context, {
      id,
      automation,
      dryRun,
      trigger: 'manual',
      requestedBy: context.userId,
    });
  });
  if (refused) throw refused;
  return id;
}

/**
 * Run once more what a run did: same parameters, same connection, whatever the automation says now.
 * @throws PublicError `not_found`; `conflict`, also while that run is under way
 */
export async function rerun(context: MemberContext, runId: RunId, key: string): Promise<RunId> {
  const id = key as RunId;
  const refused = await withTenant(context, async (tx) => {
    const [row] = await tx
      .select()
      .from(runs)
      .where(and(eq(runs.tenantId, context.tenantId), eq(runs.id, runId)));
    const { automationId, connectionId, parameters, dryRun, state } = found(row);
    if (!isFinished(state)) {
      throw new PublicError(
        'conflict',
        'This run is still under way. Wait for its end, or cancel it first.',
      );
    }
    const automation = await startable(tx, context, automationId, connectionId);
    return insertOrRefuse(tx, context, {
      id,
      automation: { ...automation, connectionId, parameters },
      dryRun,
      trigger: 'rerun',
      requestedBy: context.userId,
      rerunOf: runId,
    });
  });
  if (refused) throw refused;
  return id;
}
