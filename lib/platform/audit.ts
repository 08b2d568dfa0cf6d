import { z } from 'zod';
import {
  type AuditEventId,
  and,
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
import { withinDays } from '@/lib/audit';
import { decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import type { PlatformAuditFilter, PlatformAuditRow } from './contract';
import { lookAsStaff } from './look';

const position = z.tuple([z.uuid().transform((id) => id as AuditEventId)]);

type ById = Pick<PlatformAuditFilter, 'tenant' | 'actor' | 'run' | 'connection' | 'request'>;

/** Which events, and by what they are ordered: newest first, in the words of one index. */
export interface EventList {
  readonly where: SQL | undefined;
  readonly order: readonly SQL[];
}

const { id, actorId, runId, connectionId, requestId, action: acted, outcome: ended } = auditEvents;

/** What the indexes over all tenants' events begin with, as a tenant's own query never has it. */
const across = {
  request: sql`lower(${requestId})`,
  run: sql`${runId}::text`,
  connection: sql`${connectionId}::text`,
  actor: sql`${actorId}::text`,
  action: sql`lower(${acted})`,
  outcome: sql`lower(${ended})`,
} as const;

/**
 * The order to read in. Across tenants an index is walked in order only when all that it begins with
 * stands there: under row security the planner does not draw from `lower(action) = …` that the rest is
 * in order, since `lower` is not leakproof, and would sort all that it finds.
 */
function orderOf(filter: PlatformAuditFilter): readonly SQL[] {
  const newest = sql`${id} desc`;
  if (filter.tenant) return [newest];
  const narrowed = (['request', 'run', 'connection', 'actor', 'action'] as const).find(
    (each) => filter[each],
  );
  if (narrowed) return [sql`${across[narrowed]} desc`, newest];
  if (filter.outcome && filter.outcome !== 'success') return [sql`${across.outcome} desc`, newest];
  return [sql`${everyEvent(id)} desc`];
}

/** What a filter shows, beyond a cursor. */
export function conditions(filter: PlatformAuditFilter, cursor: string | undefined): EventList {
  const { tenant, actor, run, connection, request, action, outcome } = filter;
  const order = orderOf(filter);
  const walked = order.length === 1 && !tenant ? everyEvent(id) : id;
  const own = tenant
    ? [
        eq(auditEvents.tenantId, tenant as TenantId),
        actor ? eq(actorId, actor) : undefined,
        run ? eq(runId, run) : undefined,
        connection ? eq(connectionId, connection) : undefined,
        request ? eq(requestId, request) : undefined,
        action ? eq(acted, action) : undefined,
        outcome ? eq(ended, outcome) : undefined,
      ]
    : [
        actor ? sql`${across.actor} = ${actor}` : undefined,
        run ? sql`${across.run} = ${run}` : undefined,
        connection ? sql`${across.connection} = ${connection}` : undefined,
        request ? sql`${across.request} = lower(${request})` : undefined,
        action ? sql`${across.action} = ${action}` : undefined,
        outcome === 'success' ? eq(ended, outcome) : undefined,
        outcome && outcome !== 'success' ? sql`${across.outcome} = ${outcome}` : undefined,
      ];
  const where = and(
    ...own,
    // Only what did not succeed is indexed by how it went; the rest is met at every step.
    outcome && outcome !== 'success' ? sql`${ended} <> 'success'` : undefined,
    ...withinDays(filter, walked),
    cursor ? sql`${walked} < ${decodeCursor(position, cursor)[0]}` : undefined,
  );
  return { where, order };
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
  { where, order }: EventList,
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
    .where(where)
    .orderBy(...order)
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
