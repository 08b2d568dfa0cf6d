import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { withTenant } from '@/db';
import { logger } from '@/lib/observability';
import type { MemberContext } from '@/lib/tenancy';
import { browseAudit } from './browse';
import type { AuditEventRow, AuditFilter } from './contract';
import { recordAudit } from './record';

const columns = [
  'at',
  'actorType',
  'actorName',
  'actorId',
  'action',
  'targetType',
  'targetName',
  'targetId',
  'outcome',
  'requestId',
  'runId',
  'connectionId',
  'id',
] as const satisfies readonly (keyof AuditEventRow)[];

/** Rows fetched at a time: memory stays flat however long the record is. */
const batch = 1_000;

async function* rows(context: MemberContext, filter: AuditFilter): AsyncGenerator<AuditEventRow> {
  let cursor: string | undefined;
  do {
    const slice = await browseAudit(context, filter, cursor, batch);
    yield* slice.items;
    cursor = slice.nextCursor ?? undefined;
  } while (cursor);
}

/**
 * Exactly what the filter shows, as CSV (RFC 4180, UTF-8). The export itself goes on record first.
 * Cells that a spreadsheet would run as a formula are neutralised.
 */
export async function exportAudit(
  context: MemberContext,
  filter: AuditFilter,
): Promise<ReadableStream<Uint8Array>> {
  await withTenant(context, (tx) =>
    recordAudit(tx, context, {
      action: 'audit.exported',
      target: { type: 'audit', id: context.tenantId, name: 'Audit record' },
      details: { filter },
    }),
  );
  const csv = stringify({ header: true, columns: [...columns], escape_formulas: true, bom: true });
  // A failure half-way breaks the download off, so that a cut file is not taken for a whole one.
  pipeline(Readable.from(rows(context, filter)), csv, (error) => {
    if (error) logger.error({ err: error }, 'an audit export broke off');
  });
  return Readable.toWeb(csv) as ReadableStream<Uint8Array>;
}
