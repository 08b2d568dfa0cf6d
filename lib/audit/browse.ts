import { z } from 'zod';
import {
  type AuditEventId,
  and,
  asc,
  desc,
  eq,
  gte,
  lt,
  lte,
  type SQL,
  type TenantContext,
  tenantDb,
  type UserId,
} from '@/db';
import { auditEvents, memberships, users } from '@/db/schema';
import { found } from '@/lib/errors';
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

function conditions(context: TenantContext, filter: AuditFilter): SQL[] {
  const set = [eq(auditEvents.tenantId, context.tenantId)];
  if (filter.action) set.push(eq(auditEvents.action, filter.action));
  if (filter.outcome) set.push(eq(auditEvents.outcome, filter.outcome));
  if (filter.actor) set.push(eq(auditEvents.actorId, filter.actor));
  if (filter.run) set.push(eq(auditEvents.runId, filter.run));
  if (filter.connection) set.push(eq(auditEvents.connectionId, filter.connection));
  if (filter.request) set.push(eq(auditEvents.requestId, filter.request));
  if (filter.from) set.push(gte(auditEvents.createdAt, new Date(`${filter.from}T00:00:00Z`)));
  if (filter.to) set.push(lte(auditEvents.createdAt, new Date(`${filter.to}T23:59:59.999Z`)));
  return set;
}

type StoredRow = Omit<AuditEventRow, 'at'> & { readonly at: Date };
const shown = <Row extends StoredRow>(row: Row) => ({ ...row, at: row.at.toISOString() });

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
    .select({
      ...rowColumns,
      ipAddress: auditEvents.ipAddress,
      userAgent: auditEvents.userAgent,
      details: auditEvents.details,
    })
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
