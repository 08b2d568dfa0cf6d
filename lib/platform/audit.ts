import { z } from 'zod';
import {
  type AuditEventId,
  and,
  desc,
  eq,
  inArray,
  type PlatformTransaction,
  type SQL,
  sql,
  type TenantId,
  type UserId,
} from '@/db';
import { auditEvents, everyEvent, tenants, users } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { eventsFound, type Findable, type Newest, withinDays } from '@/lib/audit';
import { decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import type { PlatformAuditFilter, PlatformAuditRow } from './contract';
import { lookAsStaff } from './look';

const position = z.tuple([z.uuid().transform((id) => id as AuditEventId)]);

type ById = Pick<PlatformAuditFilter, 'tenant' | 'actor' | 'run' | 'connection' | 'request'>;

/** Which events: the newest of what a filter shows. */
export interface EventList {
  where(limit: number): SQL | undefined;
}

/** What the indexes over all tenants' events begin with, as a tenant's own query never has it. */
const across = {
  request: (of: Findable) => sql`lower(${of.requestId})`,
  run: (of: Findable) => sql`${of.runId}::text`,
  connection: (of: Findable) => sql`${of.connectionId}::text`,
  actor: (of: Findable) => sql`${of.actorId}::text`,
  action: (of: Findable) => sql`lower(${of.action})`,
  outcome: (of: Findable) => sql`lower(${of.outcome})`,
} as const;

const narrowing = ['request', 'run', 'connection', 'actor', 'action'] as const;
const unusual = ({ outcome }: PlatformAuditFilter) =>
  outcome !== undefined && outcome !== 'success';

/**
 * The order to read in. Across tenants an index is walked in order only when all that it begins with
 * stands there: under row security the planner does not draw from `lower(action) = …` that the rest is
 * in order, since `lower` is not leakproof, and would sort all that it finds.
 */
function orderOf(filter: PlatformAuditFilter): Newest['order'] {
  if (filter.tenant) return undefined;
  const narrowed =
    narrowing.find((each) => filter[each]) ?? (unusual(filter) ? 'outcome' : undefined);
  if (narrowed) return (of) => [sql`${across[narrowed](of)} desc`, sql`${of.id} desc`];
  return (of) => [sql`${everyEvent(of.id)} desc`];
}

/** What is asked for of one tenant's events. */
function ofTenant(filter: PlatformAuditFilter, of: Findable): (SQL | undefined)[] {
  const { tenant, actor, run, connection, request, action, outcome } = filter;
  return [
    eq(of.tenantId, tenant as TenantId),
    actor ? eq(of.actorId, actor) : undefined,
    run ? eq(of.runId, run) : undefined,
    connection ? eq(of.connectionId, connection) : undefined,
    request ? eq(of.requestId, request) : undefined,
    action ? eq(of.action, action) : undefined,
    outcome ? eq(of.outcome, outcome) : undefined,
  ];
}

/** The same of all tenants', in the words of the indexes over them. */
function ofAll(filter: PlatformAuditFilter, of: Findable): (SQL | undefined)[] {
  const { actor, run, connection, request, action, outcome } = filter;
  return [
    actor ? sql`${across.actor(of)} = ${actor}` : undefined,
    run ? sql`${across.run(of)} = ${run}` : undefined,
    connection ? sql`${across.connection(of)} = ${connection}` : undefined,
    request ? sql`${across.request(of)} = lower(${request})` : undefined,
    action ? sql`${across.action(of)} = ${action}` : undefined,
    outcome === 'success' ? eq(of.outcome, outcome) : undefined,
    unusual(filter) ? sql`${across.outcome(of)} = ${outcome}` : undefined,
  ];
}

/** What a filter shows, beyond a cursor. */
export function conditions(filter: PlatformAuditFilter, cursor: string | undefined): EventList {
  const before = cursor ? decodeCursor(position, cursor)[0] : undefined;
  const narrow = narrowing.some((each) => filter[each]) || unusual(filter);
  const words = (of: Findable) => {
    const walked = narrow || filter.tenant ? of.id : everyEvent(of.id);
    return [
      ...(filter.tenant ? ofTenant(filter, of) : ofAll(filter, of)),
      // Only what did not succeed is indexed by how it went; the rest is met at every step.
      unusual(filter) ? sql`${of.outcome} <> 'success'` : undefined,
      ...withinDays(filter, of, walked),
      before ? sql`${walked} < ${before}` : undefined,
    ];
  };
  // One tenant's whole record, or days of it, goes by the key.
  if (filter.tenant && !narrow) return { where: () => and(...words(auditEvents)) };
  const own = filter.tenant ? eq(auditEvents.tenantId, filter.tenant as TenantId) : undefined;
  const order = orderOf(filter);
  return { where: (limit) => and(own, eventsFound(words, { limit, order })) };
}

/** The events that carry an id, within a tenant or across all of them. */
export const eventsWithId = (filter: ById): EventList => conditions(filter, undefined);

/** What stands in the place of the name of an actor who is no person: names stay with the tenant. */
const nameless = {
  automation: (id: string | null) => (id ? `Automation ${id.slice(-12)}` : 'An automation'),
  guest: () => 'Somebody with a link',
  system: () => 'Tenantry',
  member: () => 'Somebody who is gone',
  staff: () => 'Somebody of the staff',
} as const;

interface Named {
  readonly tenantId: TenantId;
  readonly actorType: string;
  readonly actorId: string | null;
}

/**
 * Names of the people and tenants on a page, by their ids. Not joined to it: the planner, which takes
 * an expression's rows for few, would join them all before it takes the newest.
 */
async function namesOf(
  tx: PlatformTransaction,
  rows: readonly Named[],
): Promise<ReadonlyMap<string, string>> {
  const tenantIds = new Set(rows.map(({ tenantId }) => tenantId));
  const userIds = new Set(
    rows.flatMap(({ actorType, actorId }) =>
      actorId && (actorType === 'member' || actorType === 'staff') ? [actorId as UserId] : [],
    ),
  );
  const named = [
    ...(await tx
      .select({ id: tenants.id, name: tenants.name })
      .from(tenants)
      .where(inArray(tenants.id, [...tenantIds]))),
    ...(userIds.size === 0
      ? []
      : await tx
          .select({ id: users.id, name: users.name })
          .from(users)
          .where(inArray(users.id, [...userIds]))),
  ];
  return new Map(named.map(({ id, name }) => [id, name]));
}

/**
 * Events as staff see them, newest first: people by the name they go by now, everybody else by what
 * they are. What a tenant calls its automations is not read.
 * @param size rows at most, and one more that says there are more
 */
export async function auditRowsWhere(
  tx: PlatformTransaction,
  list: EventList,
  size: number = pageSize,
): Promise<PlatformAuditRow[]> {
  const rows = await tx
    .select({
      id: auditEvents.id,
      at: auditEvents.createdAt,
      tenantId: auditEvents.tenantId,
      actorType: auditEvents.actorType,
      actorId: auditEvents.actorId,
      action: auditEvents.action,
      targetType: auditEvents.targetType,
      targetId: auditEvents.targetId,
      outcome: auditEvents.outcome,
      requestId: auditEvents.requestId,
      runId: auditEvents.runId,
      connectionId: auditEvents.connectionId,
    })
    .from(auditEvents)
    .where(list.where(size + 1))
    .orderBy(desc(auditEvents.id))
    .limit(size + 1);
  const names = rows.length > 0 ? await namesOf(tx, rows) : new Map<string, string>();
  return rows.map((row) => ({
    ...row,
    at: row.at.toISOString(),
    tenantName: names.get(row.tenantId) ?? row.tenantId,
    actorName: names.get(row.actorId ?? '') ?? nameless[row.actorType](row.actorId),
  }));
}

/**
 * A page of the record across tenants, newest first. Staff see who did what to which id; what the
 * tenant calls it, and the details, stay with the tenant.
 * @throws PublicError `invalid_input` for a cursor that is not ours
 */
export function browsePlatformAudit(
  staff: StaffContext,
  filter: PlatformAuditFilter,
  cursor?: string,
): Promise<Slice<PlatformAuditRow>> {
  const list = conditions(filter, cursor);
  const look = { action: 'audit.browsed', filter } as const;
  const at = filter.tenant ? { ...look, tenantId: filter.tenant as TenantId } : look;
  return lookAsStaff(staff, at, async (tx, shows) => {
    const slice = toSlice(await auditRowsWhere(tx, list), (row) => [row.id]);
    shows(slice.items.map(({ tenantId }) => tenantId));
    return slice;
  });
}
