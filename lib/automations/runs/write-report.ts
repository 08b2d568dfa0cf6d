import { newId, type ReportId, type TenantTransaction } from '@/db';
import { reportRows, reports } from '@/db/schema';
import type { ReportDraft } from '../actions/action';
import type { LoadedRun } from './load';
import { plainJson } from './plain-json';

/** Rows of one INSERT. */
const batchSize = 500;

/** Keep a step's report, in the transaction that ends the step. */
export async function keepReport(
  tx: TenantTransaction,
  { run, context }: LoadedRun,
  { title, columns, rows }: ReportDraft,
): Promise<void> {
  const { tenantId } = context;
  const reportId = newId<ReportId>();
  await tx
    .insert(reports)
    .values({ tenantId, id: reportId, runId: run.id, title, columns, rowCount: rows.length });
  for (let start = 0; start < rows.length; start += batchSize) {
    await tx.insert(reportRows).values(
      rows.slice(start, start + batchSize).map((cells, index) => ({
        tenantId,
        id: newId<ReportId>() as string,
        reportId,
        position: start + index,
        cells: plainJson(cells) as Record<string, string | number | null>,
      })),
    );
  }
}
