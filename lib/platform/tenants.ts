import { z } from 'zod';
import {
  and,
  count,
  eq,
  exists,
  gte,
  ilike,
  inArray,
  lte,
  notInArray,
  type PlatformTransaction,
  type SQL,
  sql,
  type TenantId,
} from '@/db';
import { auditEvents, connections, memberships, tenants } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { cursorInstant, decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import { brokenStates, type TenantFilter, type TenantRow, type TenantSort } from './contract';
import { lookAsStaff } from './look';

/** Never consented to, or ended: nothing that anybody can use. */
const unused = ['pending', 'disconnected'] as const;

/** `%` and `_` are letters to the person who types them. */
const containing = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

/** The last thing on a tenant's record: ids are time-ordered, and their index is the tenant's own. */
const lastActivity = sql<Date | string | null>`(
  select a.created_at from ${auditEvents} a
   where a.tenant_id = tenants.id order by a.id desc limit 1)`;
/** What sorts where nothing has happened yet: before everything. */
const activity = sql`coalesce(${lastActivity}, 'epoch'::timestamptz)`;

/** A tenant's connections of a kind. */
const connectionsOf = (tx: PlatformTransaction, ...kind: readonly (SQL | undefined)[]) =>
  exists(
    tx
      .select({ one: sql`1` })
      .from(connections)
      .where(and(eq(connections.tenantId, tenants.id), ...kind)),
  );

function conditions(tx: PlatformTransaction, filter: TenantFilter): SQL | undefined {
  const { q, state, broken, provider, from, to, seen } = filter;
  const days = (amount: number) => sql`now() - make_interval(days => ${amount}::int)`;
  return and(
    q ? ilike(tenants.name, containing(q)) : undefined,
    state ? eq(tenants.state, state) : undefined,
    broken ? connectionsOf(tx, inArray(connections.state, [...brokenStates])) : undefined,
    provider
      ? connectionsOf(
          tx,
          eq(connections.provider, provider),
          notInArray(connections.state, [...unused]),
        )
      : undefined,
    from ? gte(tenants.createdAt, new Date(`${from}T00:00:00Z`)) : undefined,
    to ? lte(tenants.createdAt, new Date(`${to}T23:59:59.999Z`)) : undefined,
    seen === 'week' ? sql`${activity} >= ${days(7)}` : undefined,
    seen === 'month' ? sql`${activity} >= ${days(30)}` : undefined,
    seen === 'quiet' ? sql`${activity} < ${days(30)}` : undefined,
  );
}

/** What a list is sorted by, as text that keeps its full precision; its id decides between equals. */
const orders: Readonly<Record<TenantSort, { readonly by: SQL; readonly down: boolean }>> = {
  newest: { by: sql`''::text`, down: true },
  oldest: { by: sql`''::text`, down: false },
  name: { by: sql`lower(${tenants.name})`, down: false },
  active: { by: activity, down: true },
  quiet: { by: activity, down: false },
};

/** PostgreSQL has no text with a NUL in it. */
const position = z.tuple([
  z
    .string()
    .max(300)
    .regex(/^[^\0]*$/),
  z.uuid(),
]);
const timedPosition = z.tuple([cursorInstant, z.uuid()]);

function after(sort: TenantSort, cursor: string): SQL {
  const { by, down } = orders[sort];
  const timed = sort === 'active' || sort === 'quiet';
  const [key, id] = decodeCursor(timed ? timedPosition : position, cursor);
  const at = sql`(${key}::${sql.raw(timed ? 'timestamptz' : 'text')}, ${id}::uuid)`;
  return down ? sql`(${by}, ${tenants.id}) < ${at}` : sql`(${by}, ${tenants.id}) > ${at}`;
}

const instantText = (by: SQL) =>
  sql<string>`to_char(${by} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** One page of the tenants that a filter leaves, with the figures of each. */
export async function tenantSlice(
  tx: PlatformTransaction,
  { sort = 'newest', ...filter }: TenantFilter,
  cursor: string | undefined,
  size: number,
): Promise<Slice<TenantRow>> {
  const { by, down } = orders[sort];
  const timed = sort === 'active' || sort === 'quiet';
  const rows = await tx
    .select({
      id: tenants.id,
      name: tenants.name,
      state: tenants.state,
      createdAt: tenants.createdAt,
      lastActivityAt: lastActivity,
      key: timed ? instantText(by) : sql<string>`${by}`,
    })
    .from(tenants)
    .where(and(conditions(tx, filter), cursor ? after(sort, cursor) : undefined))
    .orderBy(...(down ? [sql`${by} desc, ${tenants.id} desc`] : [sql`${by}, ${tenants.id}`]))
    .limit(size + 1);
  const slice = toSlice(rows, ({ key, id }) => [key, id], size);
  const figures = await figuresOf(
    tx,
    slice.items.map(({ id }) => id),
  );
  return {
    ...slice,
    items: slice.items.map(({ key: _key, createdAt, lastActivityAt, ...row }) => ({
      ...row,
      createdAt: createdAt.toISOString(),
      lastActivityAt: lastActivityAt === null ? null : new Date(lastActivityAt).toISOString(),
      members: figures.members.get(row.id) ?? 0,
      connections: figures.connections.get(row.id) ?? 0,
      broken: figures.broken.get(row.id) ?? 0,
    })),
  };
}

/**
 * The tenants that a filter leaves, in its order; the newest first unless it says otherwise.
 * @throws PublicError `invalid_input` for a cursor that is not ours
 */
export function listTenants(
  staff: StaffContext,
  filter: TenantFilter,
  cursor?: string,
): Promise<Slice<TenantRow>> {
  return lookAsStaff(staff, { action: 'tenants.listed', filter }, async (tx, shows) => {
    const slice = await tenantSlice(tx, filter, cursor, pageSize);
    shows(slice.items.map(({ id }) => id));
    return slice;
  });
}

/** Counts for the tenants on one page, a query each. */
async function figuresOf(tx: PlatformTransaction, ids: readonly TenantId[]) {
  if (ids.length === 0) {
    const none = new Map<TenantId, never>();
    return { members: none, connections: none, broken: none };
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
    .where(and(inArray(connections.tenantId, [...ids]), notInArray(connections.state, [...unused])))
    .groupBy(connections.tenantId);
  return {
    members: new Map(people.map((row) => [row.tenantId, row.value])),
    connections: new Map(links.map((row) => [row.tenantId, row.value])),
    broken: new Map(links.map((row) => [row.tenantId, row.broken])),
  };
}
