import { and, desc, eq, inspectServing, withPlatform } from '@/db';
import { trustReports } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import {
  checkPackages,
  checkPolicyServed,
  checkSecretFiles,
  checkSettings,
  type DoctorCheck,
  type DoctorDocument,
  type DoctorLook,
  type DoctorOutcome,
  type DoctorView,
  databaseChecks,
  doctorDocument,
  doctorReport,
  settled,
} from '@/lib/doctor';
import { env } from '@/lib/env';
import { checkKeys } from '@/lib/keys';
import { checkRecord } from '@/lib/record';
import { recordReport, runningRelease } from '@/lib/trust';
import { lookAsStaff } from './look';

/** How many past looks the console shows. */
const shownLooks = 30;

const lookColumns = {
  id: trustReports.id,
  at: trustReports.finishedAt,
  ok: trustReports.ok,
  passed: trustReports.passed,
  failed: trustReports.failed,
};

interface StoredLook extends Omit<DoctorLook, 'at' | 'checks'> {
  readonly at: Date;
  readonly passed: number;
}

const shortLook = ({ id, at, ok, passed, failed }: StoredLook): DoctorLook => ({
  id,
  at: at.toISOString(),
  ok,
  failed,
  checks: passed + failed,
});

/**
 * One look in full, and the latest ones in short.
 * @param id of the look; the latest without one, or when that one is not kept any more
 */
export function readDoctor(staff: StaffContext, id?: string): Promise<DoctorView> {
  return lookAsStaff(staff, { action: 'doctor.opened' }, async (tx) => {
    const ofDoctor = eq(trustReports.kind, 'doctor');
    const rows = await tx
      .select(lookColumns)
      .from(trustReports)
      .where(ofDoctor)
      .orderBy(desc(trustReports.finishedAt))
      .limit(shownLooks);
    const whole = (one: string) =>
      tx
        .select({ ...lookColumns, version: trustReports.version, document: trustReports.document })
        .from(trustReports)
        .where(and(ofDoctor, eq(trustReports.id, one)));
    const [asked] = id ? await whole(id) : [];
    const [row] = asked || !rows[0] ? [asked] : await whole(rows[0].id);
    return {
      shown: row
        ? {
            ...shortLook(row),
            version: row.version,
            document: doctorDocument.safeParse(row.document).data ?? null,
          }
        : null,
      gone: id !== undefined && !asked,
      history: rows.map(shortLook),
    };
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

async function look(): Promise<readonly DoctorCheck[]> {
  const production = env.TENANTRY_MODE === 'production';
  const address = `http://localhost:${env.PORT}`;
  const parts = await Promise.all([
    settled('tables', 'the database', async () =>
      databaseChecks(await inspectServing({ production })),
    ),
    settled('configuration', address, async () => [await checkPolicyServed(address)]),
    // Whether the database is an embedded one is known to who started it, and was checked there.
    settled('configuration', 'settings', () => [checkSettings(env, false)]),
    settled('configuration', env.DATA_DIR, () => [checkSecretFiles(env)]),
    settled('configuration', 'the keys', async () => [await checkKeys()]),
    settled('tables', 'the audit record', async () => [await checkRecord()]),
    settled('versions', 'package.json', () => [checkPackages(root())]),
  ]);
  return parts.flat();
}

let running: Promise<DoctorOutcome> | undefined;

async function lookAndRecord(): Promise<DoctorOutcome> {
  const startedAt = new Date();
  const [checks, code] = await Promise.all([look(), lastCodeChecks()]);
  const all = [...checks, ...(code?.checks ?? [])];
  await recordReport(
    doctorReport({
      checks: all,
      origin: 'console',
      startedAt,
      finishedAt: new Date(),
      ...(code ? { codeAt: code.codeAt } : {}),
      ...runningRelease(),
    }),
  );
  return {
    checks: all.length,
    findings: all.reduce((sum, { findings }) => sum + findings.length, 0),
  };
}

/**
 * Look at everything again that a process which serves can look at, and keep what was found. Who asks
 * while a look is under way gets that one.
 * @throws Error of the driver when the database cannot be reached
 */
export async function checkAgain(staff: StaffContext): Promise<DoctorOutcome> {
  await lookAsStaff(staff, { action: 'doctor.run' }, async () => undefined);
  running ??= lookAndRecord().finally(() => {
    running = undefined;
  });
  return running;
}
