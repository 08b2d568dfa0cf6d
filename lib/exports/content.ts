import type { Readable } from 'node:stream';
import type { ExportId, TenantContext } from '@/db';
import type { ExportFormat } from '@/db/schema';
import type { AuditFilter } from '@/lib/audit';
import { tenantArchive } from './archive';
import { auditCsv, auditLines } from './events';
import type { Progress } from './progress';

interface Asked {
  readonly id: ExportId;
  readonly format: ExportFormat;
  readonly filter: AuditFilter;
}

/** What an export's file holds, as it is read. */
export async function contentOf(
  context: TenantContext,
  { id, format, filter }: Asked,
  progress: Progress,
): Promise<Readable> {
  switch (format) {
    case 'csv':
      return auditCsv(context, filter, progress);
    case 'jsonl':
      return auditLines(context, filter, progress, (event) => event);
    case 'record':
    case 'archive':
      return tenantArchive({ context, exportId: id, progress, enclose: async () => {} });
  }
}
