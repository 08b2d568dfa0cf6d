import { type NewReport, reportRow, withPlatform } from '@/db';
import { trustReports } from '@/db/schema';

/** Keep a report, once. For a process that serves; commands use `recordReportsAs` of '@/db'. */
export async function recordReport(report: NewReport): Promise<void> {
  await withPlatform((tx) =>
    tx.insert(trustReports).values(reportRow(report)).onConflictDoNothing(),
  );
}
