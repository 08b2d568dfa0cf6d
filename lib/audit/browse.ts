import { z } from 'zod';
import {
  type AuditEventId,
  and,
  asc,
  desc,
  eq,
  gte,
  lt,
  type SQL,
  sql,
  type TenantContext,
  tenantDb,
  type UserId,
} from '@/db';
import { auditEvents, memberships, users } from '@/db/schema';
import { found } from '@/lib/errors';
import { endOfDay, firstIdOf, startOfDay } from '@/lib/ids';
import { decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import type { AuditEventDetail, AuditEventRow, AuditFilter } from './contract';
import { eventsFound, type Findable } from './found';

const position = z.tuple([z.uuid().transform((id) => id as AuditEventId)]);

const rowColumns = {
  id: auditEvents.id,
  at: auditEvents.createdAt,
  actorType: auditEvents.actorType,
  actorId: auditEvents.actorId,
  actorName: auditEvents.actorName,
  action: auditEvents.action,
  targetType: auditEvents.targetType,
  targetId: auditEvents.targetId,
  targetName: auditEvents.targetName,
  outcome: auditEvents.outcome,
  requestId: auditEvents.requestId,
  runId: auditEvents.runId,
  connectionId: auditEvents.connectionId,
};

/**
 * How far an id's time, by the clock of the process that made it, may lie from its row's, by the
 * database's clock when its transaction began.
 */
const slackMs = 3_600_000;

/**
 * The days of a filter. Ids are led by their time, so that the list, which goes by id, is not read
 * from its newest end to get to an old day; the row's own time draws the line exactly.
 * @param of the table that they are asked of
 * @param id the event's id, in the words of the index that the list is read from
 */
export function withinDays(
  { from, to }: Pick<AuditFilter, 'from' | 'to'>,
  of: Findable = auditEvents,
  id: Findable['id'] | SQL = of.id,
): SQL[] {
  const { createdAt } = of;
  return [
    ...(from
      ? [
          sql`${id} >= ${firstIdOf(startOfDay(from) - slackMs)}`,
          gte(createdAt, new Date(startOfDay(from))),
        ]
      : []),
    ...(to
      ? [sql`${id} < ${firstIdOf(endOfDay(to) + slackMs)}`, lt(createdAt, new Date(endOfDay(to)))]
      : []),
  ];
}

/** What a filter shows of a tenant's record, in the columns of whichever table it is asked of. */
export function conditions(context: TenantContext, filter: AuditFilter, of: Findable): SQL[] {
  const set = [eq(of.tenantId, context.tenantId), ...withinDays(filter, of)];
  const { action, outcome, actor, run, connection, request } = filter;
  if (action) set.push(eq(of.action, action));
  if (outcome) set.push(eq(of.outcome, outcome));
  // Only what did not succeed is indexed by how it went.
  if (outcome && outcome !== 'success') set.push(sql`${of.outcome} <> 'success'`);
  if (actor) set.push(eq(of.actorId, actor));
  if (run) set.push(eq(of.runId, run));
  if (connection) set.push(eq(of.connectionId, connection));
  if (request) set.push(eq(of.requestId, request));
  return set;
}

/** Whether more than days is asked for; nearly everything succeeds, and is found by reading on. */
export function isNarrow({ action, outcome, actor, run, connection, request }: AuditFilter) {
  const unusual = outcome !== undefined && outcome !== 'success';
  return unusual || [action, actor, run, connection, request].some(Boolean);
}

/** The newest events that a filter shows, of those before one. */
export function shownBy(
  context: TenantContext,
  filter: AuditFilter,
  before: AuditEventId | undefined,
  limit: number,
): SQL | undefined {
  const words = (of: Findable) => [...conditions(context, filter, of), before && lt(of.id, before)];
  // Its whole record, or days of it, goes by the key.
  if (!isNarrow(filter)) return and(...words(auditEvents));
  return and(eq(auditEvents.tenantId, context.tenantId), eventsFound(words, { limit }));
}

/** An event, whole. */
export const detailColumns = {
  ...rowColumns,
  ipAddress: auditEvents.ipAddress,
  userAgent: auditEvents.userAgent,
  details: auditEvents.details,
};

type StoredRow = Omit<AuditEventRow, 'at'> & { readonly at: Date };
export const shown = <Row extends StoredRow>(row: Row) => ({ ...row, at: row.at.toISOString() });

/**
 * A page of the tenant's record, newest first.
 * @throws PublicError `invalid_input` for a cursor that is not ours
 */
export async function browseAudit(
  context: TenantContext,
  filter: AuditFilter,
  cursor?: string,
  size: number = pageSize,
): Promise<Slice<AuditEventRow>> {
  const before = cursor ? decodeCursor(position, cursor)[0] : undefined;
  const rows = await tenantDb(context)
    .select(rowColumns)
    .from(auditEvents)
    .where(shownBy(context, filter, before, size + 1))
    .orderBy(desc(auditEvents.id))
    .limit(size + 1);
  const slice = toSlice(rows, (row) => [row.id], size);
  return { ...slice, items: slice.items.map(shown) };
}

/**
 * One event, whole.
 * @throws PublicError `not_found`
 */
export async function auditEvent(
  context: TenantContext,
  id: AuditEventId,
): Promise<AuditEventDetail> {
  const [row] = await tenantDb(context)
    .select(detailColumns)
    .from(auditEvents)
    .where(and(eq(auditEvents.tenantId, context.tenantId), eq(auditEvents.id, id)))
    .limit(1);
  return shown(found(row));
}

/** The members whose acts can be filtered for, by name. */
export function auditPeople(
  context: TenantContext,
): Promise<{ readonly id: UserId; readonly name: string }[]> {
  return tenantDb(context)
    .select({ id: users.id, name: users.name })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(eq(memberships.tenantId, context.tenantId))
    .orderBy(asc(users.name));
}
