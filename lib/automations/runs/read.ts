import { z } from 'zod';
import { and, asc, desc, eq, type RunId, type SQL, sql, type TenantContext, tenantDb } from '@/db';
import { automations, connections, reports, runSteps, runs, users } from '@/db/schema';
import { nameOf } from '@/lib/connections/contract';
import { found } from '@/lib/errors';
import { cursorInstant, decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import {
  isFinished,
  type RunFilter,
  type RunRowView,
  type RunView,
  type SummaryLine,
} from '../contract';
import { findTemplate } from '../templates/registry';
import { stepColumns, toStep } from './step-columns';

const iso = (at: Date | null) => at?.toISOString() ?? null;
const position = z.tuple([cursorInstant, z.uuid()]);

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
        organizationName: connections.organizationName,
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
  const { template, archivedAt, connectionId, connectionState, ...rest } = row;
  const { provider, accountEmail, organizationName } = row;
  return {
    ...toRow(rest),
    rerunOf: row.rerunOf,
    parameters: row.parameters,
    cancelRequestedAt: iso(row.cancelRequestedAt),
    summary: lines,
    connection: {
      id: connectionId,
      label: nameOf({ provider, accountEmail, organizationName }),
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
