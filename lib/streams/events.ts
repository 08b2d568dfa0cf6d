import { and, asc, eq, gte, type TenantContext, tenantDb } from '@/db';
import { auditEvents, recordLeaves, recordTrees } from '@/db/schema';
import type { AuditEventDetail } from '@/lib/audit';

export interface StreamedEvent {
  /** Place in the record; null for a test, which is not in it. */
  readonly sequence: number | null;
  readonly event: AuditEventDetail;
}

/** An event of the record, with its place in it. */
export interface SealedEvent extends StreamedEvent {
  readonly sequence: number;
}

/**
 * Sealed events from a place on, in the record's order. Only what is sealed is sent: its order is
 * final and has no gaps, which that of the events themselves has until then.
 */
export async function sealedEvents(
  context: TenantContext,
  from: number,
  limit: number,
): Promise<SealedEvent[]> {
  const rows = await tenantDb(context)
    .select({ sequence: recordLeaves.sequence, event: auditEvents })
    .from(recordLeaves)
    .innerJoin(
      auditEvents,
      and(eq(auditEvents.tenantId, recordLeaves.tenantId), eq(auditEvents.id, recordLeaves.id)),
    )
    .where(and(eq(recordLeaves.tenantId, context.tenantId), gte(recordLeaves.sequence, from)))
    .orderBy(asc(recordLeaves.sequence))
    .limit(limit);
  return rows.map(({ sequence, event: { createdAt, tenantId: _tenant, ...event } }) => ({
    sequence,
    event: { ...event, at: createdAt.toISOString() },
  }));
}

/** How many events of an organisation are sealed. */
export async function sealedCount({ tenantId }: TenantContext): Promise<number> {
  const [tree] = await tenantDb({ tenantId })
    .select({ size: recordTrees.size })
    .from(recordTrees)
    .where(eq(recordTrees.tenantId, tenantId));
  return tree?.size ?? 0;
}
