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
 * @param id the event's id, in the words of the index that the list is read from
 */
export function withinDays(
  { from, to }: Pick<AuditFilter, 'from' | 'to'>,
  id: typeof auditEvents.id | SQL = auditEvents.id,
): SQL[] {
  const { createdAt } = auditEvents;
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

/** What a filter shows of a tenant's record. */
export function conditions(context: TenantContext, filter: AuditFilter): SQL[] {
  const set = [eq(auditEvents.tenantId, context.tenantId), ...withinDays(filter)];
  const { action, outcome, actor, run, connection, request } = filter;
  if (action) set.push(eq(auditEvents.action, action));
  if (outcome) set.push(eq(auditEvents.outcome, outcome));
  // Only what did not succeed is indexed by how it went.
  if (outcome && outcome !== 'success') set.push(sql`${auditEvents.outcome} <> 'success'`);
  if (actor) set.push(eq(auditEvents.actorId, actor));
  if (run) set.push(eq(auditEvents.runId, run));
  if (connection) set.push(eq(auditEvents.connectionId, connection));
  if (request) set.push(eq(auditEvents.requestId, request));
  return set;
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
  const set = conditions(context, filter);
  if (cursor) set.push(lt(auditEvents.id, decodeCursor(position, cursor)[0]));
  const rows = await tenantDb(context)
    .select(rowColumns)
    .from(auditEvents)
    .where(and(...set))
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
