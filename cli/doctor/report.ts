import { type DoctorCheck, failed } from '@/lib/doctor';

/** What people read: each check, what was looked at, and what to do about each finding. */
export function humanReport(checks: readonly DoctorCheck[]): string {
  const lines = checks.flatMap(({ check, looked, findings }) => [
    `${findings.length === 0 ? '✓' : '✗'} ${check} (${looked})`,
    ...findings.map(({ where, problem, remedy }) => `    ${where}: ${problem}\n      → ${remedy}`),
  ]);
  const count = checks.reduce((sum, { findings }) => sum + findings.length, 0);
  return [...lines, '', `${checks.length} checks, ${count} findings`].join('\n');
}

/** The same for programs: one JSON document. */
export function jsonReport(checks: readonly DoctorCheck[]): string {
  return JSON.stringify({ ok: !failed(checks), checks }, null, 2);
}
