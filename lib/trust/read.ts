import { desc, eq, sql, type TenantContext, type TenantStatements, tenantDb } from '@/db';
import { trustReports } from '@/db/schema';
import { reportKinds, type TrustFacts, type TrustReport, type TrustReports } from './contract';
import { runningRelease } from './release';

const columns = {
  kind: trustReports.kind,
  startedAt: trustReports.startedAt,
  finishedAt: trustReports.finishedAt,
  ok: trustReports.ok,
  passed: trustReports.passed,
  failed: trustReports.failed,
  summary: trustReports.summary,
  version: trustReports.version,
  commit: trustReports.commit,
};

type Reader = Pick<TenantStatements, 'select'>;

async function latestOfKind(
  reader: Reader,
  kind: TrustReport['kind'],
): Promise<TrustReport | undefined> {
  const [row] = await reader
    .select(columns)
    .from(trustReports)
    .where(eq(trustReports.kind, kind))
    .orderBy(desc(trustReports.finishedAt))
    .limit(1);
  if (!row) return undefined;
  const { startedAt, finishedAt, summary, ...rest } = row;
  return {
    ...rest,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    classes: summary.classes,
    sourcesDigest: summary.sourcesDigest ?? null,
  };
}

/** The newest report of each kind, read by whoever may read them. */
export async function latestReports(reader: Reader): Promise<TrustReports> {
  const found: TrustReports = {};
  for (const kind of reportKinds) {
    const report = await latestOfKind(reader, kind);
    if (report) found[kind] = report;
  }
  return found;
}

/** What a tenant is shown of how its isolation is proven. */
export async function trustFacts(context: TenantContext): Promise<TrustFacts> {
  const reader = tenantDb(context);
  const [reports, answer] = await Promise.all([
    latestReports(reader),
    reader.execute<{ version: string }>(sql`select current_setting('server_version') as version`),
  ]);
  const running = runningRelease();
  return {
    reports,
    running,
    versions: [
      { name: 'Tenantry', version: running.version },
      { name: 'PostgreSQL', version: answer.rows[0]?.version.split(' ')[0] ?? '' },
      { name: 'Node.js', version: process.versions.node },
    ],
  };
}
