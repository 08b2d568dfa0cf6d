import { z } from 'zod';
import {
  type AutomationId,
  and,
  asc,
  desc,
  eq,
  inArray,
  load,
  type PlatformTransaction,
  type RunId,
  type SQL,
  sql,
  type TenantId,
} from '@/db';
import { automations, connections, effects, runSteps, runs, tenants, users } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { found } from '@/lib/errors';
import { jobsMode } from '@/lib/jobs';
import { cursorInstant, decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import { auditRowsWhere, eventsWithId, isStuck, isUnfinished, lookAsStaff } from '@/lib/platform';
import {
  type PlatformRun,
  type PlatformRunFilter,
  type PlatformRunRow,
  parkedAfter,
} from './contract';
import {
  askedAt,
  callsOfRun,
  iso,
  mostOfRun,
  ofAutomation,
  ownColumns,
  runColumns,
  runWithId,
  shownRun,
  toBeginning,
} from './rows';

const position = z.tuple([cursorInstant, z.uuid()]);

/** How the list is read: by which time it goes, in the words of one index or another. */
interface Order {
  readonly time: SQL;
  moment(at: string): SQL;
}

const plain = (at: string) => sql`${at}::timestamptz`;
const orders = {
  /** Within a tenant, by its own indexes. */
  tenant: { time: sql`${runs.createdAt}`, moment: plain },
  /** Across tenants, what is not done yet: `runs_unfinished`. */
  unfinished: { time: sql`coalesce(${runs.createdAt})`, moment: plain },
  /** Across tenants: `runs_all`, `runs_by_state`. */
  all: { time: askedAt, moment: (at) => sql`(${at}::timestamptz at time zone 'UTC')` },
} as const satisfies Record<string, Order>;

const orderOf = ({ tenant, state, stuck }: PlatformRunFilter): Order => {
  if (tenant) return orders.tenant;
  return stuck && !state ? orders.unfinished : orders.all;
};

/** Newest first; by all that the index begins with, or the planner would sort: see the record's. */
function newest(filter: PlatformRunFilter): SQL[] {
  const byState = !filter.tenant && filter.state ? [sql`lower(${runs.state}) desc`] : [];
  return [...byState, sql`${orderOf(filter).time} desc`, desc(runs.id)];
}

/** Of a run's automation, one by one: the list is read in its order until there are enough. */
const template = sql`(select ${automations.template} from ${automations} where ${ofAutomation})`;

/** Which runs of whom, in the words of the index that the order is of. */
function ofWhom({ tenant, state, stuck }: PlatformRunFilter): SQL | undefined {
  const unfinished = stuck && !state;
  if (tenant) {
    return and(
      eq(runs.tenantId, tenant as TenantId),
      state ? eq(runs.state, state) : undefined,
      unfinished ? inArray(runs.state, ['queued', 'running']) : undefined,
    );
  }
  return and(
    state ? sql`lower(${runs.state}) = ${state}` : undefined,
    unfinished ? isUnfinished : undefined,
  );
}

/** Runs of which the list knows that they are put off: of more the oldest are left out. */
const mostParked = 1_000;

/** What the engine has put off, which it alone can say; nothing where it is not ours to look into. */
const parkedIds = async ({ parked }: PlatformRunFilter): Promise<readonly RunId[] | undefined> => {
  if (!parked) return undefined;
  return jobsMode() === 'embedded' ? load.parkedRunIds(parkedAfter, mostParked) : [];
};

function conditions(
  filter: PlatformRunFilter,
  cursor: string | undefined,
  parked: readonly RunId[] | undefined,
): SQL | undefined {
  const { trigger, stuck, from, to } = filter;
  const { time, moment } = orderOf(filter);
  const [at, id] = cursor ? decodeCursor(position, cursor) : [];
  return and(
    ofWhom(filter),
    stuck ? isStuck : undefined,
    // In the words of `runs_by_id`.
    parked && sql`${runs.id}::text = any(${`{${parked.join(',')}}`}::text[])`,
    trigger ? eq(runs.trigger, trigger) : undefined,
    filter.template ? sql`${template} = ${filter.template}` : undefined,
    from ? sql`${time} >= ${moment(`${from}T00:00:00Z`)}` : undefined,
    to ? sql`${time} <= ${moment(`${to}T23:59:59.999Z`)}` : undefined,
    at && id ? sql`(${time}, ${runs.id}) < (${moment(at)}, ${id}::uuid)` : undefined,
  );
}

interface OfSomebody {
  readonly tenantId: TenantId;
  readonly automationId: AutomationId;
}

/** Names of tenants and templates, looked up for a page: joined, the planner would name all runs. */
async function withWords<Row extends OfSomebody>(tx: PlatformTransaction, rows: readonly Row[]) {
  if (rows.length === 0) return [];
  const tenantIds = [...new Set(rows.map(({ tenantId }) => tenantId))];
  const automationIds = [...new Set(rows.map(({ automationId }) => automationId))];
  const names = await tx
    .select({ id: tenants.id, name: tenants.name })
    .from(tenants)
    .where(inArray(tenants.id, tenantIds));
  const made = await tx
    .select({ id: automations.id, template: automations.template })
    .from(automations)
    .where(and(inArray(automations.tenantId, tenantIds), inArray(automations.id, automationIds)));
  const nameOf = new Map(names.map(({ id, name }) => [id, name]));
  const templateOf = new Map(made.map(({ id, template: key }) => [id, key]));
  return rows.map((row) => ({
    ...row,
    tenantName: nameOf.get(row.tenantId) ?? row.tenantId,
    template: templateOf.get(row.automationId) ?? '',
  }));
}

/**
 * A page of the runs of all tenants, newest first. Staff see how they ran; what they are called, were
 * given and touched stays with their tenants.
 * @throws PublicError `invalid_input` for a cursor that is not ours
 */
export async function listPlatformRuns(
  staff: StaffContext,
  filter: PlatformRunFilter,
  cursor?: string,
): Promise<Slice<PlatformRunRow>> {
  const where = conditions(filter, cursor, await parkedIds(filter));
  const look = { action: 'runs.listed', filter } as const;
  const at = filter.tenant ? { ...look, tenantId: filter.tenant as TenantId } : look;
  return lookAsStaff(staff, at, async (tx, shows) => {
    const rows = await tx
      .select(ownColumns)
      .from(runs)
      .where(where)
      .orderBy(...newest(filter))
      .limit(pageSize + 1);
    const slice = toSlice(rows, ({ createdAt, id }) => [createdAt.toISOString(), id]);
    shows(slice.items.map(({ tenantId }) => tenantId));
    return { ...slice, items: (await withWords(tx, slice.items)).map(shownRun) };
  });
}

function stepsOf(tx: PlatformTransaction, tenantId: TenantId, runId: RunId) {
  return tx
    .select({
      id: runSteps.id,
      key: runSteps.key,
      action: runSteps.action,
      state: runSteps.state,
      attempts: runSteps.attempts,
      queuedAt: runSteps.queuedAt,
      startedAt: runSteps.startedAt,
      finishedAt: runSteps.finishedAt,
    })
    .from(runSteps)
    .where(and(eq(runSteps.tenantId, tenantId), eq(runSteps.runId, runId)))
    .orderBy(asc(runSteps.position));
}

async function effectsOf(tx: PlatformTransaction, tenantId: TenantId, runId: RunId) {
  const rows = await tx
    .select({
      id: effects.id,
      stepId: effects.runStepId,
      action: effects.action,
      state: effects.state,
      at: effects.createdAt,
      finishedAt: effects.finishedAt,
    })
    .from(effects)
    .where(and(eq(effects.tenantId, tenantId), eq(effects.runId, runId)))
    .orderBy(asc(effects.createdAt))
    .limit(mostOfRun + 1);
  return rows.map((row) => ({
    ...row,
    at: row.at.toISOString(),
    finishedAt: iso(row.finishedAt),
  }));
}

function runRow(tx: PlatformTransaction, runId: RunId) {
  return tx
    .select({
      ...runColumns,
      cancelRequestedAt: runs.cancelRequestedAt,
      rerunOf: runs.rerunOf,
      requestedBy: runs.requestedBy,
      requestedName: users.name,
      connectionId: connections.id,
      provider: connections.provider,
      authority: connections.authority,
      connectionState: connections.state,
    })
    .from(runs)
    .innerJoin(automations, ofAutomation)
    .innerJoin(tenants, eq(tenants.id, runs.tenantId))
    .innerJoin(
      connections,
      and(eq(connections.tenantId, runs.tenantId), eq(connections.id, runs.connectionId)),
    )
    .leftJoin(users, eq(users.id, runs.requestedBy))
    .where(runWithId(runId));
}

/**
 * One run, whoever's it is: how it ran step by step, its calls and changes, and what is on record.
 * @throws PublicError `not_found`
 */
export function openPlatformRun(staff: StaffContext, runId: RunId): Promise<PlatformRun> {
  const look = { action: 'run.opened', filter: { run: runId } } as const;
  return lookAsStaff(staff, look, async (tx, shows) => {
    const [first] = await runRow(tx, runId);
    const row = found(first);
    const { tenantId } = row;
    shows([tenantId]);
    const steps = await stepsOf(tx, tenantId, runId);
    const calls = await callsOfRun(tx, tenantId, runId);
    const made = await effectsOf(tx, tenantId, runId);
    const events = await auditRowsWhere(tx, eventsWithId({ tenant: tenantId, run: runId }));
    const { connectionId, provider, authority, connectionState, requestedBy, requestedName } = row;
    const asked = events.findLast(({ action }) => action === 'run.requested') ?? events.at(-1);
    const { tenantName, automationId, template, state, stuck, trigger, dryRun } = row;
    return {
      id: row.id,
      ...{ tenantId, tenantName, automationId, template, state, stuck, trigger, dryRun },
      createdAt: row.createdAt.toISOString(),
      startedAt: iso(row.startedAt),
      finishedAt: iso(row.finishedAt),
      cancelRequestedAt: iso(row.cancelRequestedAt),
      rerunOf: row.rerunOf,
      requestedBy: requestedBy && { id: requestedBy, name: requestedName ?? requestedBy },
      requestId: asked?.requestId ?? null,
      connection: { id: connectionId, provider, authority, state: connectionState },
      steps: steps.map((step) => ({
        ...step,
        queuedAt: step.queuedAt.toISOString(),
        startedAt: iso(step.startedAt),
        finishedAt: iso(step.finishedAt),
      })),
      calls: toBeginning(calls, mostOfRun),
      effects: toBeginning(made, mostOfRun),
      events: toBeginning(events),
      now: new Date().toISOString(),
    };
  });
}
