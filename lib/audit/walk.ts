import { type AuditEventId, and, count, desc, sql, type TenantContext, tenantDb } from '@/db';
import { auditEvents } from '@/db/schema';
import { conditions, detailColumns, isNarrow, shown, shownBy } from './browse';
import type { AuditEventDetail, AuditFilter } from './contract';
import { countFound } from './found';

/** Events fetched at a time: memory stays flat however long the record is. */
const batch = 1_000;

/** How many events a filter shows. */
export async function countAudit(context: TenantContext, filter: AuditFilter): Promise<number> {
  const db = tenantDb(context);
  if (isNarrow(filter)) {
    const events = countFound((of) => conditions(context, filter, of));
    const { rows } = await db.execute<{ events: number }>(sql`select ${events} as events`);
    return rows[0]?.events ?? 0;
  }
  const [row] = await db
    .select({ events: count() })
    .from(auditEvents)
    .where(and(...conditions(context, filter, auditEvents)));
  return row?.events ?? 0;
}

/** Every event that a filter shows, whole, newest first, some at a time. */
export async function* auditBatches(
  context: TenantContext,
  filter: AuditFilter,
): AsyncGenerator<readonly AuditEventDetail[]> {
  let before: AuditEventId | undefined;
  for (;;) {
    const rows = await tenantDb(context)
      .select(detailColumns)
      .from(auditEvents)
      .where(shownBy(context, filter, before, batch))
      .orderBy(desc(auditEvents.id))
      .limit(batch);
    if (rows.length > 0) yield rows.map(shown);
    before = rows.at(-1)?.id;
    if (rows.length < batch) return;
  }
}
