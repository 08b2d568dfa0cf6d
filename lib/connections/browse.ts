import { z } from 'zod';
import {
  and,
  asc,
  type ConnectionId,
  desc,
  eq,
  isNull,
  lt,
  sql,
  type TenantContext,
  tenantDb,
} from '@/db';
import { automations, connections, discoveries, providerCalls, users } from '@/db/schema';
import { found } from '@/lib/errors';
import { decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import { connectableProviders, findWay } from '@/lib/providers';
import { keySetUp } from './consent-key';
import type {
  AwaitedConsent,
  ConnectableWay,
  ConnectionDetail,
  ConnectionView,
  DiscoveryView,
  ProviderCallView,
  ScopeView,
  WaitingAutomation,
} from './contract';
import { leadsOn } from './open-link';

/** More connections than anybody has; a list without pages needs an end. */
const mostConnections = 200;

// Columns of the outer table are written out: drizzle leaves the table's name off in a query of one
// table, and inside a subquery the bare name would be the inner table's.

/** What was there after the last complete discovery, or what the one under way has met so far. */
const resourceTotal = sql<number>`coalesce((
  select sum(n.value::int)::int
  from (
    select d.counts from discoveries d
    where d.tenant_id = connections.tenant_id and d.connection_id = connections.id
    order by (d.state = 'succeeded') desc, d.created_at desc limit 1
  ) last, jsonb_each_text(last.counts) n
), 0)`;

const discovering = sql<boolean>`exists (
  select from discoveries d
  where d.tenant_id = connections.tenant_id and d.connection_id = connections.id
    and d.state in ('queued', 'running')
)`;

/** The newest link that is open still. Who asks is null for the support of Tenantry. */
const awaiting = sql<AwaitedConsent | null>`(
  select json_build_object(
    'forEmail', l.for_email, 'expiresAt', l.expires_at, 'openedAt', l.opened_at,
    'askedBy', case when l.campaign_id is null
                    then (select u.name from users u where u.id = l.made_by) end)
  from consent_links l
  where l.tenant_id = connections.tenant_id and l.connection_id = connections.id and ${leadsOn}
  order by l.created_at desc limit 1
)`;

const connectionColumns = {
  id: connections.id,
  provider: connections.provider,
  authority: connections.authority,
  state: connections.state,
  stateReason: connections.stateReason,
  stateChangedAt: connections.stateChangedAt,
  accountEmail: connections.accountEmail,
  connected: sql<boolean>`${connections.accountId} is not null`,
  organization: connections.providerTenant,
  organizationName: connections.organizationName,
  scopes: connections.scopes,
  lastUsedAt: connections.lastUsedAt,
  createdAt: connections.createdAt,
  resources: resourceTotal,
  discovering,
  awaiting,
};

type Instants = 'stateChangedAt' | 'lastUsedAt' | 'createdAt';
type ConnectionRow = Omit<ConnectionView, Instants> & {
  readonly stateChangedAt: Date;
  readonly lastUsedAt: Date | null;
  readonly createdAt: Date;
};

const connectionView = (row: ConnectionRow): ConnectionView => ({
  ...row,
  stateChangedAt: row.stateChangedAt.toISOString(),
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
  awaiting: row.awaiting && {
    ...row.awaiting,
    expiresAt: new Date(row.awaiting.expiresAt).toISOString(),
    openedAt: row.awaiting.openedAt && new Date(row.awaiting.openedAt).toISOString(),
  },
});

/** All connections of the tenant, newest first. */
export async function listConnections(context: TenantContext): Promise<readonly ConnectionView[]> {
  const rows = await tenantDb(context)
    .select(connectionColumns)
    .from(connections)
    .where(eq(connections.tenantId, context.tenantId))
    .orderBy(desc(connections.id))
    .limit(mostConnections);
  return rows.map(connectionView);
}

const discoveryColumns = {
  id: discoveries.id,
  state: discoveries.state,
  phase: discoveries.phase,
  counts: discoveries.counts,
  added: discoveries.added,
  updated: discoveries.updated,
  gone: discoveries.gone,
  startedAt: discoveries.startedAt,
  finishedAt: discoveries.finishedAt,
  error: discoveries.error,
  requestedBy: users.name,
};

type DiscoveryRow = Omit<DiscoveryView, 'startedAt' | 'finishedAt'> & {
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
};

const discoveryView = (row: DiscoveryRow): DiscoveryView => ({
  ...row,
  startedAt: row.startedAt?.toISOString() ?? null,
  finishedAt: row.finishedAt?.toISOString() ?? null,
});

const discoveriesWithNames = (context: TenantContext) =>
  tenantDb(context)
    .select(discoveryColumns)
    .from(discoveries)
    .leftJoin(users, eq(users.id, discoveries.requestedBy));

/** @throws PublicError `not_found` */
export async function readConnection(
  context: TenantContext,
  id: ConnectionId,
): Promise<ConnectionDetail> {
  const [[connection], [discovery]] = await Promise.all([
    tenantDb(context)
      .select(connectionColumns)
      .from(connections)
      .where(and(eq(connections.tenantId, context.tenantId), eq(connections.id, id))),
    discoveriesWithNames(context)
      .where(and(eq(discoveries.tenantId, context.tenantId), eq(discoveries.connectionId, id)))
      .orderBy(desc(discoveries.createdAt))
      .limit(1),
  ]);
  const view = connectionView(found(connection));
  return {
    connection: view,
    discovery: discovery ? discoveryView(discovery) : null,
    phases: findWay(view.provider, view.authority)?.phases ?? [],
  };
}

const callPosition = z.tuple([z.uuid()]);

/**
 * Calls made through a connection, newest first.
 * @throws PublicError `not_found`; `invalid_input` for a cursor that is not ours
 */
export async function browseCalls(
  context: TenantContext,
  connectionId: ConnectionId,
  cursor?: string,
  size: number = pageSize,
): Promise<Slice<ProviderCallView>> {
  const set = [
    eq(providerCalls.tenantId, context.tenantId),
    eq(providerCalls.connectionId, connectionId),
  ];
  if (cursor) set.push(lt(providerCalls.id, decodeCursor(callPosition, cursor)[0]));
  const [own, rows] = await Promise.all([
    tenantDb(context)
      .select({ id: connections.id })
      .from(connections)
      .where(and(eq(connections.tenantId, context.tenantId), eq(connections.id, connectionId))),
    tenantDb(context)
      .select({
        id: providerCalls.id,
        at: providerCalls.createdAt,
        method: providerCalls.method,
        path: providerCalls.path,
        status: providerCalls.status,
        outcome: providerCalls.outcome,
        durationMs: providerCalls.durationMs,
        attempt: providerCalls.attempt,
        runId: providerCalls.runId,
      })
      .from(providerCalls)
      .where(and(...set))
      .orderBy(desc(providerCalls.id))
      .limit(size + 1),
  ]);
  found(own[0]);
  const slice = toSlice(rows, (row) => [row.id], size);
  return { ...slice, items: slice.items.map((row) => ({ ...row, at: row.at.toISOString() })) };
}

/** The ways to connect a provider here, with what each asks for. */
export function listWays(): readonly ConnectableWay[] {
  return connectableProviders()
    .flatMap(({ ways }) => ways)
    .map((way) => {
      const { provider, authority, form, scopes } = way;
      const allowance = way.allowance !== undefined;
      return { provider, authority, form, scopes, keySetUp: keySetUp(way), allowance };
    });
}

/** Every permission that a connection's provider is asked for, and whether it was given. */
export function describeScopes(
  connection: Pick<ConnectionView, 'provider' | 'authority' | 'scopes'>,
): readonly ScopeView[] {
  const asked = findWay(connection.provider, connection.authority)?.scopes ?? [];
  return asked.map((one) => ({ ...one, granted: connection.scopes.includes(one.scope) }));
}

/** The most automations that a notice names. */
const mostNamed = 20;

/** Automations that are on and wait for this connection, the next due first. */
export async function waitingAutomations(
  context: TenantContext,
  connectionId: ConnectionId,
): Promise<readonly WaitingAutomation[]> {
  const rows = await tenantDb(context)
    .select({ id: automations.id, name: automations.name, nextRunAt: automations.nextRunAt })
    .from(automations)
    .where(
      and(
        eq(automations.tenantId, context.tenantId),
        eq(automations.connectionId, connectionId),
        eq(automations.enabled, true),
        isNull(automations.archivedAt),
      ),
    )
    .orderBy(asc(automations.nextRunAt), asc(automations.id))
    .limit(mostNamed);
  return rows.map((row) => ({ ...row, nextRunAt: row.nextRunAt?.toISOString() ?? null }));
}
