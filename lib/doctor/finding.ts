import type { DoctorArea, DoctorCheck, DoctorSource } from './contract';

/** Something that is not as the doors want it. */
export interface Finding {
  readonly where: string;
  readonly problem: string;
  readonly remedy: string;
  /** Left out when a tenant's rows could get out through it. */
  readonly severity?: 'warning';
  /** Nothing is known to be wrong: it could not be looked at. */
  readonly unseen?: true | undefined;
}

/** What a check says, before it is known where it belongs. */
export interface CheckResult {
  readonly check: string;
  readonly looked: string;
  readonly findings: readonly Finding[];
}

/** Put a check where it belongs. */
export function placed(area: DoctorArea, source: DoctorSource, result: CheckResult): DoctorCheck {
  const findings = result.findings.map((finding) => ({
    ...finding,
    severity: finding.severity ?? ('danger' as const),
  }));
  return { check: result.check, area, source, looked: result.looked, findings };
}

export function failed(checks: readonly DoctorCheck[]): boolean {
  return checks.some(({ findings }) => findings.length > 0);
}
