import { z } from 'zod';
import { type AuditEventId, and, desc, eq, gte, lt, lte, sql, type TenantId } from '@/db';
import { auditEvents, tenants } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import type { PlatformAuditFilter, PlatformAuditRow } from './contract';
import { lookAsStaff } from './look';

const position = z.tuple([z.uuid().transform((id) => id as AuditEventId)]);

/**
 * Whose id it is, among all tenants' events: in the words of the indexes for that. Within a tenant its
 * own indexes serve.
 */
function byIds({ tenant, actor, run, connection, request }: PlatformAuditFilter) {
  const { actorId, runId, connectionId, requestId } = auditEvents;
  if (tenant) {
    return [
      actor ? eq(actorId, actor) : undefined,
      run ? eq(runId, run) : undefined,
      connection ? eq(connectionId, connection) : undefined,
      request ? eq(requestId, request) : undefined,
    ];
  }
  return [
    actor ? sql`${actorId}::text = ${actor}` : undefined,
    run ? sql`${runId}::text = ${run}` : undefined,
    connection ? sql`${connectionId}::text = ${connection}` : undefined,
    request ? sql`lower(${requestId}) = lower(${request})` : undefined,
  ];
}

function conditions(filter: PlatformAuditFilter, cursor: string | undefined) {
  const { tenant, action, outcome, from, to } = filter;
  return and(
    tenant ? eq(auditEvents.tenantId, tenant as TenantId) : undefined,
    action ? eq(auditEvents.action, action) : undefined,
    outcome ? eq(auditEvents.outcome, outcome) : undefined,
    ...byIds(filter),
    from ? gte(auditEvents.createdAt, new Date(`${from}T00:00:00Z`)) : undefined,
    to ? lte(auditEvents.createdAt, new Date(`${to}T23:59:59.999Z`)) : undefined,
    cursor ? lt(auditEvents.id, decodeCursor(position, cursor)[0]) : undefined,
  );
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
    const rows = await tx
      .select({
        id: auditEvents.id,
        at: auditEvents.createdAt,
        tenantId: auditEvents.tenantId,
        tenantName: tenants.name,
        actorType: auditEvents.actorType,
        actorId: auditEvents.actorId,
        actorName: auditEvents.actorName,
        action: auditEvents.action,
        targetType: auditEvents.targetType,
        targetId: auditEvents.targetId,
        outcome: auditEvents.outcome,
        requestId: auditEvents.requestId,
        runId: auditEvents.runId,
        connectionId: auditEvents.connectionId,
      })
      .from(auditEvents)
      .innerJoin(tenants, eq(tenants.id, auditEvents.tenantId))
      .where(where)
      .orderBy(desc(auditEvents.id))
      .limit(pageSize + 1);
    const slice = toSlice(rows, (row) => [row.id]);
    shows(slice.items.map(({ tenantId }) => tenantId));
    return { ...slice, items: slice.items.map((row) => ({ ...row, at: row.at.toISOString() })) };
  });
}
