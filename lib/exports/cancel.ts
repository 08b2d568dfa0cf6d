import { and, type ExportId, eq, inArray, withTenant } from '@/db';
import { tenantExports } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { PublicError } from '@/lib/errors';
import { cancelRun } from '@/lib/jobs';
import { objectStore } from '@/lib/objects';
import type { MemberContext } from '@/lib/tenancy';
import { findExport, objectKey } from './browse';
import { exportTitle } from './contract';

/**
 * End an export that is waiting or under way; what was written of it is deleted.
 * @throws PublicError `not_found`, `conflict` when it has ended already
 */
export async function cancelExport(context: MemberContext, id: ExportId): Promise<void> {
  const row = await findExport(context, id);
  const jobId = await withTenant(context, async (tx) => {
    const [ended] = await tx
      .update(tenantExports)
      .set({ state: 'cancelled', phase: '', sealedPassphrase: '', finishedAt: new Date() })
      .where(
        and(
          eq(tenantExports.tenantId, context.tenantId),
          eq(tenantExports.id, id),
          inArray(tenantExports.state, ['queued', 'running']),
        ),
      )
      .returning({ jobId: tenantExports.jobId });
    if (!ended) throw new PublicError('conflict', 'This export has ended already.');
    await recordAudit(tx, context, {
      action: 'export.cancelled',
      target: { type: 'export', id, name: exportTitle(row) },
    });
    return ended.jobId;
  });
  if (jobId) await cancelRun(jobId);
  // A writer under way looks after each thousand records, and puts nothing there from then on.
  await objectStore().delete(objectKey(context, id));
}
