/** Something that is not as the doors want it. */
export interface Finding {
  /** A file, with its line where one is meant, or a table, package or setting. */
  readonly where: string;
  readonly problem: string;
  readonly remedy: string;
  /** A warning is told and does not fail the check. */
  readonly severity: 'error' | 'warning';
}

export interface CheckResult {
  readonly check: string;
  /** What was looked at, in numbers: a check that looked at nothing proves nothing. */
  readonly looked: string;
  readonly findings: readonly Finding[];
}

export function failed(results: readonly CheckResult[]): boolean {
  return results.some(({ findings }) => findings.some(({ severity }) => severity === 'error'));
}
