import { type ReportId, withTenant } from '@/db';
import { recordAudit } from '@/lib/audit';
import { csvDownload } from '@/lib/csv';
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
 * A whole report as CSV. The export itself goes on record first.
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
  const columns = report.columns.map(({ key, label }) => ({ key, header: label }));
  return {
    fileName: fileName(report.title),
    csv: csvDownload(columns, cellsOf(context, id), 'a report'),
  };
}
