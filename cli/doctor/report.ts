import { type CheckResult, failed } from './finding';

/** What people read: each check, what was looked at, and what to do about each finding. */
export function humanReport(results: readonly CheckResult[]): string {
  const lines = results.flatMap(({ check, looked, findings }) => {
    const worst = findings.some(({ severity }) => severity === 'error') ? '✗' : '!';
    const head = `${findings.length === 0 ? '✓' : worst} ${check} (${looked})`;
    const details = findings.map(
      ({ where, problem, remedy, severity }) =>
        `    ${severity === 'warning' ? 'warning: ' : ''}${where}: ${problem}\n      → ${remedy}`,
    );
    return [head, ...details];
  });
  const all = results.flatMap(({ findings }) => findings);
  const errors = all.filter(({ severity }) => severity === 'error').length;
  const warnings = all.length - errors;
  const closing = `${results.length} checks, ${errors} findings${warnings ? `, ${warnings} warnings` : ''}`;
  return [...lines, '', closing].join('\n');
}

/** The same for programs: one JSON document. */
export function jsonReport(results: readonly CheckResult[]): string {
  return JSON.stringify({ ok: !failed(results), checks: results }, null, 2);
}
