import { desc, eq, inspectServing, withPlatform } from '@/db';
import { trustReports } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import {
  checkPackages,
  checkPolicyServed,
  checkSecretFiles,
  checkSettings,
  type DoctorCheck,
  type DoctorDocument,
  type DoctorView,
  databaseChecks,
  doctorDocument,
  doctorReport,
} from '@/lib/doctor';
import { env } from '@/lib/env';
import { recordReport, runningRelease } from '@/lib/trust';
import { lookAsStaff } from './look';

/** How many past looks the console shows. */
const shown = 30;

/** The latest look in full and the ones before it in short. */
export function readDoctor(staff: StaffContext): Promise<DoctorView> {
  return lookAsStaff(staff, { action: 'doctor.opened' }, async (tx) => {
    const rows = await tx
      .select({
        id: trustReports.id,
        at: trustReports.finishedAt,
        ok: trustReports.ok,
        passed: trustReports.passed,
        failed: trustReports.failed,
        version: trustReports.version,
      })
      .from(trustReports)
      .where(eq(trustReports.kind, 'doctor'))
      .orderBy(desc(trustReports.finishedAt))
      .limit(shown);
    const history = rows.map(({ id, at, ok, passed, failed }) => ({
      id,
      at: at.toISOString(),
      ok,
      failed,
      checks: passed + failed,
    }));
    const [row] = rows;
    const [look] = history;
    if (!row || !look) return { latest: null, history };
    const [whole] = await tx
      .select({ document: trustReports.document })
      .from(trustReports)
      .where(eq(trustReports.id, row.id));
    const document = doctorDocument.safeParse(whole?.document).data ?? null;
    return { latest: { ...look, version: row.version, document }, history };
  });
}

/** Where the product runs; `npm start` starts its parts there. */
const root = () => process.cwd();

/** The code as the last look that could see it found it: a process that serves has no sources. */
async function lastCodeChecks(): Promise<Pick<DoctorDocument, 'codeAt' | 'checks'> | undefined> {
  const [row] = await withPlatform((tx) =>
    tx
      .select({ document: trustReports.document })
      .from(trustReports)
      .where(eq(trustReports.kind, 'doctor'))
      .orderBy(desc(trustReports.finishedAt))
      .limit(1),
  );
  const document = doctorDocument.safeParse(row?.document).data;
  if (!document) return undefined;
  const checks = document.checks.filter(({ source }) => source === 'code');
  return { codeAt: document.codeAt, checks };
}

async function look(): Promise<DoctorCheck[]> {
  const production = env.TENANTRY_MODE === 'production';
  const [database, served] = await Promise.all([
    inspectServing({ production }),
    checkPolicyServed(`http://localhost:${env.PORT}`),
  ]);
  // Whether the database is an embedded one is known to who started it, and was checked there.
  return [
    ...databaseChecks(database),
    served,
    checkSettings(env, false),
    checkSecretFiles(env),
    checkPackages(root()),
  ];
}

let running: Promise<void> | undefined;

async function lookAndRecord(): Promise<void> {
  const startedAt = new Date();
  const [checks, code] = await Promise.all([look(), lastCodeChecks()]);
  await recordReport(
    doctorReport({
      checks: [...checks, ...(code?.checks ?? [])],
      origin: 'console',
      startedAt,
      finishedAt: new Date(),
      ...(code ? { codeAt: code.codeAt } : {}),
      ...runningRelease(),
    }),
  );
}

/**
 * Look at everything again that a process which serves can look at, and keep what was found. Who asks
 * while a look is under way gets that one.
 * @throws Error of the driver when the database cannot be reached
 */
export async function checkAgain(staff: StaffContext): Promise<void> {
  await lookAsStaff(staff, { action: 'doctor.run' }, async () => undefined);
  running ??= lookAndRecord().finally(() => {
    running = undefined;
  });
  await running;
}
