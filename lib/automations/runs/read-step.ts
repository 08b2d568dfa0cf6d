import {
  and,
  asc,
  count,
  eq,
  inArray,
  type RunId,
  type RunStepId,
  type TenantContext,
  tenantDb,
} from '@/db';
import { auditEvents, effects, providerCalls, runSteps, runs } from '@/db/schema';
import { eventsFound } from '@/lib/audit';
import { found } from '@/lib/errors';
import type { StepDetail, WouldChange } from '../contract';
import { type OutputRecord, stepColumns, toStep } from './step-columns';

/** Calls and effects shown of one step; the rest is counted. */
const excerpt = 100;

type Effect = typeof effects.$inferSelect;

/** The latest event on the record of each change, by the change's id. */
async function eventsOf(
  context: TenantContext,
  runId: RunId,
  made: readonly Effect[],
): Promise<ReadonlyMap<string, string>> {
  if (made.length === 0) return new Map();
  const rows = await tenantDb(context)
    .select({ id: auditEvents.id, effectId: auditEvents.targetId })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.tenantId, context.tenantId),
        eventsFound((of) => [eq(of.tenantId, context.tenantId), eq(of.runId, runId)]),
        eq(auditEvents.targetType, 'effect'),
        inArray(
          auditEvents.targetId,
          made.map(({ id }) => id),
        ),
      ),
    )
    .orderBy(asc(auditEvents.id));
  return new Map(rows.map(({ id, effectId }) => [effectId, id]));
}

/** The change that a call was made for: the only one under way when it began. */
function effectAt(made: readonly Effect[], at: Date): string | undefined {
  const under = made.filter(
    ({ createdAt, finishedAt }) => createdAt <= at && (finishedAt === null || at <= finishedAt),
  );
  return under.length === 1 ? under[0]?.id : undefined;
}

/** All that is on record of one step of a run. @throws PublicError `not_found` */
export async function readStep(
  context: TenantContext,
  runId: RunId,
  stepId: RunStepId,
): Promise<StepDetail> {
  const { tenantId } = context;
  const db = tenantDb(context);
  const ownCalls = and(
    eq(providerCalls.tenantId, tenantId),
    eq(providerCalls.runId, runId),
    eq(providerCalls.runStepId, stepId),
  );
  const ownEffects = and(
    eq(effects.tenantId, tenantId),
    eq(effects.runId, runId),
    eq(effects.runStepId, stepId),
  );
  const [[first], calls, [callCount], made, [effectCount]] = await Promise.all([
    db
      .select({ ...stepColumns, input: runSteps.input, output: runSteps.output })
      .from(runSteps)
      .where(
        and(eq(runSteps.tenantId, tenantId), eq(runSteps.runId, runId), eq(runSteps.id, stepId)),
      ),
    db
      .select()
      .from(providerCalls)
      .where(ownCalls)
      .orderBy(asc(providerCalls.createdAt))
      .limit(excerpt),
    db.select({ total: count() }).from(providerCalls).where(ownCalls),
    db.select().from(effects).where(ownEffects).orderBy(asc(effects.createdAt)).limit(excerpt),
    db.select({ total: count() }).from(effects).where(ownEffects),
  ]);
  const { input, output, ...step } = found(first);
  const record = (output ?? {}) as OutputRecord;
  const events = await eventsOf(context, runId, made);
  return {
    ...toStep(step),
    input,
    output: record.result ?? null,
    changed: record.changes ?? [],
    calls: {
      total: callCount?.total ?? 0,
      items: calls.map(({ id, createdAt, method, path, status, outcome, durationMs, attempt }) => ({
        id,
        at: createdAt.toISOString(),
        method,
        path,
        status,
        outcome,
        durationMs,
        attempt,
        eventId: events.get(effectAt(made, createdAt) ?? '') ?? null,
      })),
    },
    effects: {
      total: effectCount?.total ?? 0,
      items: made.map(({ id, action, target, state, providerReference, createdAt }) => ({
        id,
        action,
        target,
        state,
        reference: providerReference,
        at: createdAt.toISOString(),
        eventId: events.get(id) ?? null,
      })),
    },
  };
}

/** The changes that a run made, or that a dry run foresees, step by step. @throws PublicError `not_found` */
export async function readChanges(
  context: TenantContext,
  runId: RunId,
): Promise<{ readonly changes: readonly WouldChange[]; readonly total: number }> {
  const own = and(eq(runs.tenantId, context.tenantId), eq(runs.id, runId));
  const [[run], rows] = await Promise.all([
    tenantDb(context).select({ id: runs.id }).from(runs).where(own),
    tenantDb(context)
      .select({ output: runSteps.output })
      .from(runSteps)
      .where(and(eq(runSteps.tenantId, context.tenantId), eq(runSteps.runId, runId)))
      .orderBy(asc(runSteps.position)),
  ]);
  found(run);
  const records = rows.map(({ output }) => (output ?? {}) as OutputRecord);
  return {
    changes: records.flatMap(({ changes = [] }) => changes),
    total: records.reduce((sum, { changeCount = 0 }) => sum + changeCount, 0),
  };
}
