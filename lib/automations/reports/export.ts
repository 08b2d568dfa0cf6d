import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { type ReportId, withTenant } from '@/db';
import { recordAudit } from '@/lib/audit';
import { logger } from '@/lib/observability';
import type { MemberContext } from '@/lib/tenancy';
import type { ReportCells } from '../contract';
import { readReport, reportLines } from './read';

/** Rows fetched at a time. */
const batch = 1_000;

async function* cellsOf(context: MemberContext, id: ReportId): AsyncGenerator<ReportCells> {
  let cursor: string | undefined;
  do {
    const slice = await reportLines(context, id, cursor, batch);
    for (const { cells } of slice.items) yield cells;
    cursor = slice.nextCursor ?? undefined;
  } while (cursor);
}

/** A name that every file system takes. */
function fileName(title: string): string {
  const plain = title.normalize('NFKD').replaceAll(/[^\w]+/g, '-');
  return `${plain.replaceAll(/^-+|-+$/g, '').toLowerCase() || 'report'}.csv`;
}

/**
 * A whole report as CSV (RFC 4180, UTF-8). The export itself goes on record first. Cells that a
 * spreadsheet would run as a formula are neutralised.
 * @throws PublicError `not_found`
 */
export async function exportReport(
  context: MemberContext,
  id: ReportId,
): Promise<{ readonly fileName: string; readonly csv: ReadableStream<Uint8Array> }> {
  const report = await readReport(context, id);
  await withTenant(context, (tx) =>
    recordAudit(tx, context, {
      action: 'report.exported',
      target: { type: 'report', id, name: report.title },
      details: { rows: report.rowCount, run: report.runId },
    }),
  );
  const csv = stringify({
    header: true,
    columns: report.columns.map(({ key, label }) => ({ key, header: label })),
    escape_formulas: true,
    bom: true,
  });
  // A failure half-way breaks the download off, so that a cut file is not taken for a whole one.
  pipeline(Readable.from(cellsOf(context, id)), csv, (error) => {
    if (error) logger.error({ err: error }, 'a report export broke off');
  });
  return {
    fileName: fileName(report.title),
    csv: Readable.toWeb(csv) as ReadableStream<Uint8Array>,
  };
}
