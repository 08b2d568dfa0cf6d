import { type AuditEventId, and, count, desc, lt, type TenantContext, tenantDb } from '@/db';
import { auditEvents } from '@/db/schema';
import { conditions, detailColumns, shown } from './browse';
import type { AuditEventDetail, AuditFilter } from './contract';

/** Events fetched at a time: memory stays flat however long the record is. */
const batch = 1_000;

/** How many events a filter shows. */
export async function countAudit(context: TenantContext, filter: AuditFilter): Promise<number> {
  const [row] = await tenantDb(context)
    .select({ events: count() })
    .from(auditEvents)
    .where(and(...conditions(context, filter)));
  return row?.events ?? 0;
}

/** Every event that a filter shows, whole, newest first, some at a time. */
export async function* auditBatches(
  context: TenantContext,
  filter: AuditFilter,
): AsyncGenerator<readonly AuditEventDetail[]> {
  let before: AuditEventId | undefined;
  for (;;) {
    const older = before ? [lt(auditEvents.id, before)] : [];
    const rows = await tenantDb(context)
      .select(detailColumns)
      .from(auditEvents)
      .where(and(...conditions(context, filter), ...older))
      .orderBy(desc(auditEvents.id))
      .limit(batch);
    if (rows.length > 0) yield rows.map(shown);
    before = rows.at(-1)?.id;
    if (rows.length < batch) return;
  }
}
