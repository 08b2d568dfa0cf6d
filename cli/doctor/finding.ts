/** Something that is not as the doors want it. */
export interface Finding {
  /** A file, with its line where one is meant, or a table, package or setting. */
  readonly where: string;
  readonly problem: string;
  readonly remedy: string;
}

export interface CheckResult {
  readonly check: string;
  /** What was looked at: a check that looked at nothing proves nothing. */
  readonly looked: string;
  readonly findings: readonly Finding[];
}

export function failed(results: readonly CheckResult[]): boolean {
  return results.some(({ findings }) => findings.length > 0);
}
