import { createHash } from 'node:crypto';
import { and, desc, eq, notInArray } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Client } from 'pg';
import { ownerRole } from './schema/roles';
import { documentLimit, type ReportClass, type ReportKind, trustReports } from './schema/trust';

/** A report to keep. */
export interface NewReport {
  readonly kind: ReportKind;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly passed: number;
  readonly failed: number;
  readonly classes: readonly ReportClass[];
  /** The whole of it, plain JSON. */
  readonly document: unknown;
  /** Of the product that was looked at. */
  readonly version: string;
  readonly commit?: string | undefined;
  /** Of its sources, where the writer took one. */
  readonly sourcesDigest?: string | undefined;
}

/** How many reports of a kind are kept. */
const kept = 200;

/** What `jsonb` refuses is left out of texts: NUL, and halves of surrogate pairs. */
const fit = (_key: string, value: unknown): unknown =>
  typeof value === 'string'
    ? value.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\ufffd')
    : value;

/** The row of a report: held together by a digest, its document left out when it is too long. */
export function reportRow(report: NewReport): typeof trustReports.$inferInsert {
  const { classes, sourcesDigest, document, commit, ...rest } = report;
  const whole = JSON.stringify(document, fit) ?? 'null';
  return {
    ...rest,
    ok: report.failed === 0,
    summary: { classes, ...(sourcesDigest ? { sourcesDigest } : {}) },
    document: whole.length <= documentLimit ? JSON.parse(whole) : null,
    commit: commit ?? null,
    digest: createHash('sha256')
      .update(`${report.kind}\0${report.finishedAt.toISOString()}\0${whole}`)
      .digest('hex'),
  };
}

/**
 * Keep reports, each once, and let go of the oldest: for commands that hold the owner's login.
 * @param ownerUrl a direct login that may act as the owner
 * @throws Error of the driver
 */
export async function recordReportsAs(
  ownerUrl: string,
  reports: readonly NewReport[],
): Promise<void> {
  if (reports.length === 0) return;
  const client = new Client({ connectionString: ownerUrl, application_name: 'tenantry-reports' });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(`SET ROLE ${ownerRole}`);
    const database = drizzle(client);
    await database.insert(trustReports).values(reports.map(reportRow)).onConflictDoNothing();
    for (const kind of new Set(reports.map((report) => report.kind))) {
      const newest = database
        .select({ id: trustReports.id })
        .from(trustReports)
        .where(eq(trustReports.kind, kind))
        .orderBy(desc(trustReports.finishedAt))
        .limit(kept);
      await database
        .delete(trustReports)
        .where(and(eq(trustReports.kind, kind), notInArray(trustReports.id, newest)));
    }
  } finally {
    await client.end();
  }
}
