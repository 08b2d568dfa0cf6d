import { Readable } from 'node:stream';
import type { AuditEventId, ExportId, TenantContext } from '@/db';
import type { ExportFormat } from '@/db/schema';
import { type AuditFilter, auditBatches, countAudit, ocsfOf } from '@/lib/audit';
import { eventsBundle, latestCheckpoint, wholeBundle } from '@/lib/record';
import { type Enclose, tenantArchive } from './archive';
import { auditCsv, auditLines } from './events';
import { ExportImpossible, type Progress } from './progress';

interface Asked {
  readonly id: ExportId;
  readonly format: ExportFormat;
  readonly filter: AuditFilter;
}

async function* counted(lines: AsyncIterable<string>, progress: Progress): AsyncGenerator<string> {
  for await (const line of lines) {
    yield line;
    await progress.add(1);
  }
}

async function* idsOf(context: TenantContext, filter: AuditFilter): AsyncGenerator<AuditEventId> {
  for await (const batch of auditBatches(context, filter)) {
    for (const { id } of batch) yield id as AuditEventId;
  }
}

/**
 * The sealed record, or what a filter shows of it, with what proves it.
 * @throws ExportImpossible before anything was signed
 */
async function recordBundle(
  context: TenantContext,
  filter: AuditFilter,
  progress: Progress,
): Promise<Readable> {
  const checkpoint = await latestCheckpoint(context);
  if (!checkpoint) {
    throw new ExportImpossible(
      'Nothing of the record has been signed yet. That happens within a minute: ask again then.',
    );
  }
  const whole = Object.values(filter).every((value) => value === undefined);
  await progress.phase('Writing the record');
  await progress.total(whole ? checkpoint.size : await countAudit(context, filter));
  const lines = whole ? wholeBundle(context) : eventsBundle(context, idsOf(context, filter));
  return Readable.from(counted(lines, progress), { objectMode: false });
}

/** What an archive has beside the tables. */
const encloseRecord =
  (context: TenantContext): Enclose =>
  (add) =>
    add('record/bundle.jsonl', wholeBundle(context));

/**
 * What an export's file holds, as it is read.
 * @throws ExportImpossible
 */
export async function contentOf(
  context: TenantContext,
  { id, format, filter }: Asked,
  progress: Progress,
): Promise<Readable> {
  switch (format) {
    case 'csv':
      return auditCsv(context, filter, progress);
    case 'jsonl':
      return auditLines(context, filter, progress, (event) => ocsfOf(event, context.tenantId));
    case 'record':
      return recordBundle(context, filter, progress);
    case 'archive': {
      const enclose = encloseRecord(context);
      return tenantArchive({ context, exportId: id, progress, enclose });
    }
  }
}
