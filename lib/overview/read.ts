import {
  and,
  asc,
  count,
  desc,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  ne,
  sql,
  type TenantContext,
  type TenantStatements,
  tenantDb,
} from '@/db';
import { automations, connections, discoveries, runs } from '@/db/schema';
import { handedOut } from '@/lib/connections';
import type { ConnectionHealth, Overview, SetupProgress } from './contract';

/** More connections than anybody has; a list without pages needs an end. */
const mostConnections = 50;
const recentRuns = 6;
const nextRuns = 4;
const ended = ['succeeded', 'failed', 'cancelled'] as const;

type Tenant = TenantContext['tenantId'];

const connectionsOf = (db: TenantStatements, tenant: Tenant) =>
  db
    .select({
      id: connections.id,
      provider: connections.provider,
      state: connections.state,
      stateReason: connections.stateReason,
      accountEmail: connections.accountEmail,
      organizationName: connections.organizationName,
      handedOut,
    })
    .from(connections)
    .where(and(eq(connections.tenantId, tenant), ne(connections.state, 'disconnected')))
    .orderBy(asc(connections.createdAt))
    .limit(mostConnections);

const discoveryOf = (db: TenantStatements, tenant: Tenant) =>
  db
    .select({
      begun: sql<boolean>`count(*) > 0`,
      done: sql<boolean>`coalesce(bool_or(${discoveries.state} = 'succeeded'), false)`,
      running: sql<boolean>`coalesce(bool_or(${discoveries.state} in ('queued', 'running')), false)`,
    })
    .from(discoveries)
    .where(eq(discoveries.tenantId, tenant));

const living = (tenant: Tenant) =>
  and(eq(automations.tenantId, tenant), isNull(automations.archivedAt));

const automationsOf = (db: TenantStatements, tenant: Tenant) =>
  db
    .select({
      enabled: sql<number>`(count(*) filter (where ${automations.enabled}))::int`,
      latest: sql<
        string | null
      >`(array_agg(${automations.id} order by ${automations.createdAt} desc))[1]`,
    })
    .from(automations)
    .where(living(tenant));

const nextOf = (db: TenantStatements, tenant: Tenant) =>
  db
    .select({ automationId: automations.id, name: automations.name, at: automations.nextRunAt })
    .from(automations)
    .where(and(living(tenant), eq(automations.enabled, true), isNotNull(automations.nextRunAt)))
    .orderBy(asc(automations.nextRunAt))
    .limit(nextRuns);

const runsOf = (db: TenantStatements, tenant: Tenant) =>
  db
    .select({
      id: runs.id,
      automation: automations.name,
      state: runs.state,
      dryRun: runs.dryRun,
      at: runs.createdAt,
    })
    .from(runs)
    .innerJoin(
      automations,
      and(eq(automations.tenantId, runs.tenantId), eq(automations.id, runs.automationId)),
    )
    .where(eq(runs.tenantId, tenant))
    .orderBy(desc(runs.createdAt), desc(runs.id))
    .limit(recentRuns);

const finished = (tenant: Tenant) =>
  and(eq(runs.tenantId, tenant), eq(runs.dryRun, false), inArray(runs.state, [...ended]));

const finishedOf = (db: TenantStatements, tenant: Tenant) =>
  db
    .select({ id: runs.id })
    .from(runs)
    .where(finished(tenant))
    .orderBy(desc(runs.createdAt))
    .limit(2);

const weekOf = (db: TenantStatements, tenant: Tenant) =>
  db
    .select({ state: runs.state, n: count() })
    .from(runs)
    .where(and(finished(tenant), gt(runs.createdAt, sql`now() - interval '7 days'`)))
    .groupBy(runs.state);

type Discovery = Awaited<ReturnType<typeof discoveryOf>>[number];

function discoveryState(found: Discovery | undefined): SetupProgress['discovery'] {
  if (found?.done) return 'done';
  if (found?.running) return 'running';
  return found?.begun ? 'failed' : 'none';
}

function connectionProgress(all: readonly ConnectionHealth[]): SetupProgress['connection'] {
  const consented = all.find(({ state }) => state !== 'pending');
  const first = consented ?? all[0];
  return first ? { id: first.id, consented: consented !== undefined } : null;
}

/** What an organisation sees first: how far it has come, what happened, what comes next. */
export async function readOverview(context: TenantContext): Promise<Overview> {
  const db = tenantDb(context);
  const tenant = context.tenantId;
  const [health, [discovery], [automation], next, recent, done, week] = await Promise.all([
    connectionsOf(db, tenant),
    discoveryOf(db, tenant),
    automationsOf(db, tenant),
    nextOf(db, tenant),
    runsOf(db, tenant),
    finishedOf(db, tenant),
    weekOf(db, tenant),
  ]);
  const total = (states: readonly string[]) =>
    week.reduce((sum, { state, n }) => (states.includes(state) ? sum + n : sum), 0);
  return {
    setup: {
      connection: connectionProgress(health),
      discovery: discoveryState(discovery),
      automationId: automation?.latest ?? null,
      finishedRunId: done[0]?.id ?? null,
      settled: done.length > 1,
    },
    connections: health,
    automations: automation?.enabled ?? 0,
    runs: recent.map((run) => ({ ...run, at: run.at.toISOString() })),
    week: { finished: total(ended), failed: total(['failed']) },
    next: next.flatMap(({ at, ...rest }) => (at ? [{ ...rest, at: at.toISOString() }] : [])),
  };
}
