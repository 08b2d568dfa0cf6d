import { type CheckResult, failed } from './finding';

/** What people read: each check, what was looked at, and what to do about each finding. */
export function humanReport(results: readonly CheckResult[]): string {
  const lines = results.flatMap(({ check, looked, findings }) => [
    `${findings.length === 0 ? '✓' : '✗'} ${check} (${looked})`,
    ...findings.map(({ where, problem, remedy }) => `    ${where}: ${problem}\n      → ${remedy}`),
  ]);
  const count = results.reduce((sum, { findings }) => sum + findings.length, 0);
  return [...lines, '', `${results.length} checks, ${count} findings`].join('\n');
}

/** The same for programs: one JSON document. */
export function jsonReport(results: readonly CheckResult[]): string {
  return JSON.stringify({ ok: !failed(results), checks: results }, null, 2);
}
