import { localDatabaseUrls } from '@/db/local';
import { recordReportsAs } from '@/db/reports';
import { loadEnv } from '@/lib/env';
import { UsageError } from './options';
import type { IsolationReport } from './report/shape';

/**
 * Keep the report in the installation's database, which is where its console and trust page look.
 * @returns what was done, for people
 * @throws UsageError when there is no installation here
 */
export async function recordIsolation(report: IsolationReport): Promise<string> {
  const env = loadEnv();
  const owner = env.DATABASE_URL || localDatabaseUrls(env.DATA_DIR)?.owner;
  if (!owner) {
    throw new UsageError(
      'There is no installation to keep the report in. Run npm start once, or set DATABASE_URL to its owner’s login.',
    );
  }
  await recordReportsAs(owner, [
    {
      kind: 'isolation',
      startedAt: new Date(report.startedAt),
      finishedAt: new Date(report.finishedAt),
      passed: report.passed,
      failed: report.failed,
      classes: report.classes.map(({ name, cases, held }) => ({ name, cases, held })),
      document: report,
      version: report.version,
      commit: report.commit ?? undefined,
      sourcesDigest: report.sourcesDigest,
    },
  ]);
  return 'The summary is kept in the installation’s database.';
}
