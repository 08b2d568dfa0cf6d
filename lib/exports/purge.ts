import { and, type ExportId, endedExports, eq, type TenantId, tenantDb } from '@/db';
import { tenantExports } from '@/db/schema';
import { objectStore } from '@/lib/objects';
import { objectKey } from './browse';

/** Exports looked at in one go. */
const batch = 200;

async function expire(tenantId: TenantId, id: ExportId): Promise<void> {
  const context = { tenantId };
  // The file first: what is still there is found again, what is said to be gone is not.
  await objectStore().delete(objectKey(context, id));
  await tenantDb(context)
    .update(tenantExports)
    .set({ state: 'expired' })
    .where(and(eq(tenantExports.tenantId, tenantId), eq(tenantExports.id, id)));
}

/** Delete the files whose links have ended. @returns how many */
export async function purgeExports(): Promise<number> {
  let purged = 0;
  for (;;) {
    const ended = await endedExports(batch);
    for (const { tenantId, exportId } of ended) await expire(tenantId, exportId);
    purged += ended.length;
    if (ended.length < batch) return purged;
  }
}
