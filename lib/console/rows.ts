import {
  and,
  asc,
  desc,
  eq,
  type PlatformTransaction,
  type RunId,
  type SQL,
  sql,
  type TenantId,
} from '@/db';
import { automations, providerCalls, runs, tenants } from '@/db/schema';
import { isStuck } from '@/lib/platform';
import type { Beginning, PlatformCallRow, PlatformRunRow } from './contract';

/** Rows of a list that is part of a page: the rest is said by a `+`. */
export const beginning = 50;

/** The first rows of what was read one beyond them. */
export const toBeginning = <Row>(rows: readonly Row[], size = beginning): Beginning<Row> => ({
  items: rows.slice(0, size),
  more: rows.length > size,
});

export const iso = (at: Date | null) => at?.toISOString() ?? null;

/** The time of asking, in the words of the indexes over all tenants' runs. */
export const askedAt = sql`(${runs.createdAt} at time zone 'UTC')`;

/** What the list shows of a run itself. */
export const ownColumns = {
  id: runs.id,
  tenantId: runs.tenantId,
  automationId: runs.automationId,
  state: runs.state,
  stuck: isStuck,
  trigger: runs.trigger,
  dryRun: runs.dryRun,
  createdAt: runs.createdAt,
  startedAt: runs.startedAt,
  finishedAt: runs.finishedAt,
};

/** The same, with the words for it. */
export const runColumns = {
  ...ownColumns,
  tenantName: tenants.name,
  template: automations.template,
};

export const ofAutomation = and(
  eq(automations.tenantId, runs.tenantId),
  eq(automations.id, runs.automationId),
);

type StoredRun = Omit<PlatformRunRow, 'createdAt' | 'startedAt' | 'finishedAt'> & {
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
};

export const shownRun = <Row extends StoredRun>({
  createdAt,
  startedAt,
  finishedAt,
  ...row
}: Row) => ({
  ...row,
  createdAt: createdAt.toISOString(),
  startedAt: iso(startedAt),
  finishedAt: iso(finishedAt),
});

/** A run by its id, whoever's it is, in the words of the index for that. */
export const runWithId = (id: string): SQL => sql`${runs.id}::text = ${id}`;

/** Calls of a tenant; never the path, which holds ids and addresses at the provider. */
export async function callsWhere(
  tx: PlatformTransaction,
  tenantId: TenantId,
  where: SQL | undefined,
  { size = beginning, oldestFirst = false } = {},
): Promise<PlatformCallRow[]> {
  const { createdAt } = providerCalls;
  const rows = await tx
    .select({
      id: providerCalls.id,
      at: createdAt,
      tenantId: providerCalls.tenantId,
      connectionId: providerCalls.connectionId,
      runId: providerCalls.runId,
      stepId: providerCalls.runStepId,
      method: providerCalls.method,
      host: providerCalls.host,
      status: providerCalls.status,
      outcome: providerCalls.outcome,
      durationMs: providerCalls.durationMs,
      attempt: providerCalls.attempt,
    })
    .from(providerCalls)
    .where(and(eq(providerCalls.tenantId, tenantId), where))
    .orderBy(oldestFirst ? asc(createdAt) : desc(createdAt))
    .limit(size + 1);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** Calls and changes shown of one run. */
export const mostOfRun = 200;

/** The calls of a run, as they came. */
export const callsOfRun = (tx: PlatformTransaction, tenantId: TenantId, runId: RunId) =>
  callsWhere(tx, tenantId, eq(providerCalls.runId, runId), { size: mostOfRun, oldestFirst: true });
