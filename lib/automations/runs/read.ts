import { z } from 'zod';
import {
  and,
  asc,
  count,
  desc,
  eq,
  type RunId,
  type RunStepId,
  type SQL,
  sql,
  type TenantContext,
  tenantDb,
} from '@/db';
import {
  automations,
  connections,
  effects,
  providerCalls,
  reports,
  runSteps,
  runs,
  users,
} from '@/db/schema';
import { found } from '@/lib/errors';
import { decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import {
  isFinished,
  type RunFilter,
  type RunRowView,
  type RunStepView,
  type RunView,
  type StepDetail,
  type SummaryLine,
  type WouldChange,
} from '../contract';
import { connectionLabel } from '../manage/read';
import { findTemplate } from '../templates/registry';

/** Calls and effects shown of one step; the rest is counted. */
const excerpt = 100;

const iso = (at: Date | null) => at?.toISOString() ?? null;
const position = z.tuple([z.iso.datetime(), z.uuid()]);

const rowColumns = {
  id: runs.id,
  automationId: runs.automationId,
  automationName: automations.name,
  state: runs.state,
  dryRun: runs.dryRun,
  trigger: runs.trigger,
  startedBy: users.name,
  createdAt: runs.createdAt,
  startedAt: runs.startedAt,
  finishedAt: runs.finishedAt,
  error: runs.error,
};

const ofAutomation = and(
  eq(automations.tenantId, runs.tenantId),
  eq(automations.id, runs.automationId),
);

function conditions({ tenantId }: TenantContext, filter: RunFilter): SQL[] {
  const set = [eq(runs.tenantId, tenantId)];
  if (filter.state) set.push(eq(runs.state, filter.state));
  if (filter.automation) set.push(sql`${runs.automationId} = ${filter.automation}`);
  if (filter.dry) set.push(eq(runs.dryRun, filter.dry === 'yes'));
  return set;
}

/**
 * Runs, newest first. Their ids are made by forms and say nothing of time, so pages go by the time
 * of asking, which is kept in whole milliseconds.
 * @throws PublicError `invalid_input` for a cursor that is not ours
 */
export async function listRuns(
  context: TenantContext,
  filter: RunFilter,
  cursor?: string,
  size = pageSize,
): Promise<Slice<RunRowView>> {
  const set = conditions(context, filter);
  if (cursor) {
    const [at, id] = decodeCursor(position, cursor);
    set.push(sql`(${runs.createdAt}, ${runs.id}) < (${at}::timestamptz, ${id}::uuid)`);
  }
  const rows = await tenantDb(context)
    .select(rowColumns)
    .from(runs)
    .innerJoin(automations, ofAutomation)
    .leftJoin(users, eq(users.id, runs.requestedBy))
    .where(and(...set))
    .orderBy(desc(runs.createdAt), desc(runs.id))
    .limit(size + 1);
  const slice = toSlice(rows, ({ createdAt, id }) => [createdAt.toISOString(), id], size);
  return { ...slice, items: slice.items.map(toRow) };
}

type Row = Omit<RunRowView, 'createdAt' | 'startedAt' | 'finishedAt'> & {
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
};

function toRow(row: Row): RunRowView {
  return {
    ...row,
    createdAt: row.createdAt.toISOString(),
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
  };
}

/** What a step's record keeps of its output, see `runs/execute.ts`. */
interface OutputRecord {
  readonly result?: unknown;
  readonly changes?: readonly WouldChange[];
  readonly changeCount?: number;
}

const stepColumns = {
  id: runSteps.id,
  key: runSteps.key,
  action: runSteps.action,
  title: runSteps.title,
  state: runSteps.state,
  attempts: runSteps.attempts,
  queuedAt: runSteps.queuedAt,
  startedAt: runSteps.startedAt,
  finishedAt: runSteps.finishedAt,
  error: runSteps.error,
  changes: sql<number>`coalesce((${runSteps.output} ->> 'changeCount')::int, 0)`,
};

type StepShape = Omit<RunStepView, 'queuedAt' | 'startedAt' | 'finishedAt'> & {
  readonly queuedAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
};

function toStep({ queuedAt, startedAt, finishedAt, ...rest }: StepShape): RunStepView {
  return {
    ...rest,
    queuedAt: queuedAt.toISOString(),
    startedAt: iso(startedAt),
    finishedAt: iso(finishedAt),
  };
}

function stepsOf(context: TenantContext, runId: RunId) {
  return tenantDb(context)
    .select(stepColumns)
    .from(runSteps)
    .where(and(eq(runSteps.tenantId, context.tenantId), eq(runSteps.runId, runId)))
    .orderBy(asc(runSteps.position));
}

/** Steps of the template that have no row yet. */
function upcomingOf(template: string, keys: readonly string[]): readonly string[] {
  const known = new Set(keys.map((key) => key.split('/')[0]));
  const steps = findTemplate(template)?.steps ?? [];
  return steps.filter(({ key }) => !known.has(key)).map(({ title }) => title);
}

/** A run with its steps, without their contents. @throws PublicError `not_found` */
export async function readRun(context: TenantContext, runId: RunId): Promise<RunView> {
  const { tenantId } = context;
  const [[first], steps, made] = await Promise.all([
    tenantDb(context)
      .select({
        ...rowColumns,
        cancelRequestedAt: runs.cancelRequestedAt,
        rerunOf: runs.rerunOf,
        parameters: runs.parameters,
        summary: runs.summary,
        template: automations.template,
        archivedAt: automations.archivedAt,
        connectionId: connections.id,
        provider: connections.provider,
        accountEmail: connections.accountEmail,
        connectionState: connections.state,
      })
      .from(runs)
      .innerJoin(automations, ofAutomation)
      .innerJoin(
        connections,
        and(eq(connections.tenantId, runs.tenantId), eq(connections.id, runs.connectionId)),
      )
      .leftJoin(users, eq(users.id, runs.requestedBy))
      .where(and(eq(runs.tenantId, tenantId), eq(runs.id, runId))),
    stepsOf(context, runId),
    tenantDb(context)
      .select({ id: reports.id, title: reports.title })
      .from(reports)
      .where(and(eq(reports.tenantId, tenantId), eq(reports.runId, runId))),
  ]);
  const row = found(first);
  const lines = (row.summary as { lines?: readonly SummaryLine[] } | null)?.lines ?? [];
  const { template, archivedAt, connectionId, provider, accountEmail, connectionState, ...rest } =
    row;
  return {
    ...toRow(rest),
    rerunOf: row.rerunOf,
    parameters: row.parameters,
    cancelRequestedAt: iso(row.cancelRequestedAt),
    summary: lines,
    connection: {
      id: connectionId,
      label: connectionLabel({ provider, accountEmail }),
      state: connectionState,
    },
    automationArchived: archivedAt !== null,
    steps: steps.map(toStep),
    upcoming: isFinished(row.state)
      ? []
      : upcomingOf(
          template,
          steps.map(({ key }) => key),
        ),
    reports: made,
    now: new Date().toISOString(),
  };
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
