import { Readable } from 'node:stream';
import { and, type ExportId, eq, sql, withTenant } from '@/db';
import { tenantExports } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { PublicError } from '@/lib/errors';
import { objectStore } from '@/lib/objects';
import type { MemberContext } from '@/lib/tenancy';
import { findExport, objectKey } from './browse';
import { exportTitle, fileName } from './contract';

export interface Download {
  readonly body: ReadableStream<Uint8Array>;
  /** Bytes. */
  readonly size: number;
  readonly fileName: string;
}

/**
 * The file of an export, while its link holds: for members of its organisation who may have it, and
 * put on record first.
 * @throws PublicError `not_found`; `conflict` while it is not made, `gone` when its link has ended
 */
export async function downloadExport(context: MemberContext, id: ExportId): Promise<Download> {
  const row = await findExport(context, id);
  if (row.state === 'expired') {
    throw new PublicError('gone', 'The link of this export has ended. Ask for a new one.');
  }
  if (row.state !== 'done') {
    throw new PublicError('conflict', 'There is no file of this export.');
  }
  const file = await objectStore().get(objectKey(context, id));
  if (!file) throw new PublicError('gone', 'The file of this export is no longer there.');
  await withTenant(context, async (tx) => {
    await tx
      .update(tenantExports)
      .set({ downloads: sql`${tenantExports.downloads} + 1`, lastDownloadAt: new Date() })
      .where(and(eq(tenantExports.tenantId, context.tenantId), eq(tenantExports.id, id)));
    await recordAudit(tx, context, {
      action: 'export.downloaded',
      target: { type: 'export', id, name: exportTitle(row) },
      details: { digest: row.digest },
    });
  });
  const body = Readable.toWeb(file.body) as ReadableStream<Uint8Array>;
  return { body, size: file.size, fileName: fileName(row) };
}
