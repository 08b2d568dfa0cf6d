import { z } from 'zod';
import {
  and,
  count,
  desc,
  eq,
  ilike,
  inArray,
  lt,
  notInArray,
  type PlatformTransaction,
  sql,
  type TenantId,
} from '@/db';
import {
  auditEvents,
  connections,
  memberships,
  runs,
  tenantAccessLogs,
  tenants,
  users,
} from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { found } from '@/lib/errors';
import { decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import type { TenantFilter, TenantOverview, TenantRow } from './contract';
import { lookAsStaff } from './look';

const position = z.tuple([z.uuid().transform((id) => id as TenantId)]);
const brokenStates = ['needs_scopes', 'needs_reconsent', 'blocked_by_policy'] as const;
const recent = 10;

/** `%` and `_` are letters to the person who types them. */
const containing = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

const tenantColumns = {
  id: tenants.id,
  name: tenants.name,
  state: tenants.state,
  createdAt: tenants.createdAt,
};

/**
 * The tenants, newest first.
 * @throws PublicError `invalid_input` for a cursor that is not ours
 */
export function listTenants(
  staff: StaffContext,
  filter: TenantFilter,
  cursor?: string,
): Promise<Slice<TenantRow>> {
  const where = and(
    filter.q ? ilike(tenants.name, containing(filter.q)) : undefined,
    filter.state ? eq(tenants.state, filter.state) : undefined,
    cursor ? lt(tenants.id, decodeCursor(position, cursor)[0]) : undefined,
  );
  return lookAsStaff(staff, { action: 'tenants.listed', filter }, async (tx) => {
    const page = tx
      .select(tenantColumns)
      .from(tenants)
      .where(where)
      .orderBy(desc(tenants.id))
      .limit(pageSize + 1);
    const slice = toSlice(await page, (row) => [row.id]);
    const figures = await figuresOf(
      tx,
      slice.items.map((row) => row.id),
    );
    return {
      ...slice,
      items: slice.items.map((row) => ({
        ...row,
        createdAt: row.createdAt.toISOString(),
        members: figures.members.get(row.id) ?? 0,
        connections: figures.connections.get(row.id) ?? 0,
        broken: figures.broken.get(row.id) ?? 0,
        lastActivityAt: figures.lastActivity.get(row.id) ?? null,
      })),
    };
  });
}

/** Counts for the tenants on one page, a query each. */
async function figuresOf(tx: PlatformTransaction, ids: readonly TenantId[]) {
  if (ids.length === 0) {
    const none = new Map<TenantId, never>();
    return { members: none, connections: none, broken: none, lastActivity: none };
  }
  const people = await tx
    .select({ tenantId: memberships.tenantId, value: count(memberships.id) })
    .from(memberships)
    .where(inArray(memberships.tenantId, [...ids]))
    .groupBy(memberships.tenantId);
  const links = await tx
    .select({
      tenantId: connections.tenantId,
      value: count(connections.id),
      broken: sql<number>`(count(${connections.id}) filter (where ${inArray(connections.state, [...brokenStates])}))::int`,
    })
    .from(connections)
    .where(
      and(
        inArray(connections.tenantId, [...ids]),
        // Never consented to, or ended: nothing that anybody can use.
        notInArray(connections.state, ['pending', 'disconnected']),
      ),
    )
    .groupBy(connections.tenantId);
  const latest = tx
    .select({ at: auditEvents.createdAt })
    .from(auditEvents)
    .where(eq(auditEvents.tenantId, tenants.id))
    .orderBy(desc(auditEvents.id))
    .limit(1);
  const activity = await tx
    .select({ tenantId: tenants.id, at: sql<Date | string | null>`(${latest})` })
    .from(tenants)
    .where(inArray(tenants.id, [...ids]));
  return {
    members: new Map(people.map((row) => [row.tenantId, row.value])),
    connections: new Map(links.map((row) => [row.tenantId, row.value])),
    broken: new Map(links.map((row) => [row.tenantId, row.broken])),
    lastActivity: new Map(
      activity.map((row) => [
        row.tenantId,
        row.at === null ? null : new Date(row.at).toISOString(),
      ]),
    ),
  };
}

/**
 * How one tenant stands.
 * @throws PublicError `not_found`
 */
export function tenantOverview(staff: StaffContext, tenantId: TenantId): Promise<TenantOverview> {
  return lookAsStaff(staff, { action: 'tenant.opened', tenantId }, async (tx) => {
    const [tenant] = await tx.select(tenantColumns).from(tenants).where(eq(tenants.id, tenantId));
    const { createdAt, ...known } = found(tenant);
    return {
      tenant: { ...known, createdAt: createdAt.toISOString() },
      connections: await connectionsOf(tx, tenantId),
      members: await membersOf(tx, tenantId),
      runs: await runsOf(tx, tenantId),
      denials: await denialsOf(tx, tenantId),
    };
  });
}

async function connectionsOf(tx: PlatformTransaction, tenantId: TenantId) {
  const rows = await tx
    .select({
      id: connections.id,
      provider: connections.provider,
      authority: connections.authority,
      state: connections.state,
      stateReason: connections.stateReason,
      stateChangedAt: connections.stateChangedAt,
      lastUsedAt: connections.lastUsedAt,
    })
    .from(connections)
    .where(eq(connections.tenantId, tenantId))
    .orderBy(desc(connections.id));
  return rows.map((row) => ({
    ...row,
    stateChangedAt: row.stateChangedAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  }));
}

async function membersOf(tx: PlatformTransaction, tenantId: TenantId) {
  const rows = await tx
    .select({
      id: users.id,
      name: users.name,
      email: users.email,
      role: memberships.role,
      since: memberships.createdAt,
    })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(eq(memberships.tenantId, tenantId))
    .orderBy(users.name);
  return rows.map((row) => ({ ...row, since: row.since.toISOString() }));
}

async function runsOf(tx: PlatformTransaction, tenantId: TenantId) {
  const rows = await tx
    .select({
      id: runs.id,
      state: runs.state,
      trigger: runs.trigger,
      dryRun: runs.dryRun,
      createdAt: runs.createdAt,
      startedAt: runs.startedAt,
      finishedAt: runs.finishedAt,
    })
    .from(runs)
    .where(eq(runs.tenantId, tenantId))
    .orderBy(desc(runs.createdAt))
    .limit(recent);
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  }));
}

async function denialsOf(tx: PlatformTransaction, tenantId: TenantId) {
  const rows = await tx
    .select({
      id: tenantAccessLogs.id,
      at: tenantAccessLogs.createdAt,
      method: tenantAccessLogs.method,
      path: tenantAccessLogs.path,
      reason: tenantAccessLogs.reason,
      requestId: tenantAccessLogs.requestId,
    })
    .from(tenantAccessLogs)
    .where(eq(tenantAccessLogs.tenantId, tenantId))
    .orderBy(desc(tenantAccessLogs.id))
    .limit(recent);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
