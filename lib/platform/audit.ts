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
import { withinDays } from '@/lib/audit';
import { decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import type { PlatformAuditFilter, PlatformAuditRow } from './contract';
import { lookAsStaff } from './look';

const position = z.tuple([z.uuid().transform((id) => id as AuditEventId)]);

/** An event's id, in the words of one index or another. */
type EventId = typeof auditEvents.id | SQL;

type ById = Pick<PlatformAuditFilter, 'tenant' | 'actor' | 'run' | 'connection' | 'request'>;

/**
 * Whose id it is: within a tenant in the words of its own indexes, among all tenants' events in those
 * of the indexes for that.
 */
export function eventsWithId({ tenant, actor, run, connection, request }: ById): SQL | undefined {
  const { tenantId, actorId, runId, connectionId, requestId } = auditEvents;
  if (tenant) {
    return and(
      eq(tenantId, tenant as TenantId),
      actor ? eq(actorId, actor) : undefined,
      run ? eq(runId, run) : undefined,
      connection ? eq(connectionId, connection) : undefined,
      request ? eq(requestId, request) : undefined,
    );
  }
  return and(
    actor ? sql`${actorId}::text = ${actor}` : undefined,
    run ? sql`${runId}::text = ${run}` : undefined,
    connection ? sql`${connectionId}::text = ${connection}` : undefined,
    request ? sql`lower(${requestId}) = lower(${request})` : undefined,
  );
}

/**
 * The id that a list is read by: the indexes by an id, an act or an outcome end in it as it is, and
 * the one over all events has it in other words.
 */
function orderOf(filter: PlatformAuditFilter): EventId {
  const { tenant, actor, run, connection, request, action, outcome } = filter;
  const narrowed = tenant ?? actor ?? run ?? connection ?? request ?? action;
  const rare = outcome !== undefined && outcome !== 'success';
  return narrowed !== undefined || rare ? auditEvents.id : everyEvent(auditEvents.id);
}

function conditions(filter: PlatformAuditFilter, cursor: string | undefined) {
  const { tenant, action, outcome } = filter;
  const { action: acted, outcome: ended } = auditEvents;
  const own = tenant !== undefined;
  const id = orderOf(filter);
  return and(
    eventsWithId(filter),
    action && (own ? eq(acted, action) : sql`lower(${acted}) = ${action}`),
    ...(outcome === undefined || outcome === 'success'
      ? [outcome && eq(ended, outcome)]
      : [
          own ? eq(ended, outcome) : sql`lower(${ended}) = ${outcome}`,
          // Only what did not succeed is indexed by how it went; the rest is met at every step.
          sql`${ended} <> 'success'`,
        ]),
    ...withinDays(filter, id),
    cursor ? sql`${id} < ${decodeCursor(position, cursor)[0]}` : undefined,
  );
}

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
 * @param options.size rows at most, and one more that says there are more
 * @param options.by the id in the words of the index to read from
 */
export async function auditRowsWhere(
  tx: PlatformTransaction,
  where: SQL | undefined,
  { size = pageSize, by = auditEvents.id as EventId } = {},
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
    .orderBy(desc(by))
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
  const where = conditions(filter, cursor);
  const look = { action: 'audit.browsed', filter } as const;
  const at = filter.tenant ? { ...look, tenantId: filter.tenant as TenantId } : look;
  return lookAsStaff(staff, at, async (tx, shows) => {
    const slice = toSlice(await auditRowsWhere(tx, where, { by: orderOf(filter) }), (row) => [
      row.id,
    ]);
    shows(slice.items.map(({ tenantId }) => tenantId));
    return slice;
  });
}
