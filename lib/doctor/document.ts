import type { NewReport } from '@/db';
import { type DoctorCheck, type DoctorDocument, doctorAreaLabels, doctorAreas } from './contract';

interface Look {
  readonly checks: readonly DoctorCheck[];
  readonly origin: DoctorDocument['origin'];
  readonly startedAt: Date;
  readonly finishedAt: Date;
  /** When the code was looked at, if that was another time. */
  readonly codeAt?: string;
  readonly version: string;
  readonly commit?: string | undefined;
  readonly sourcesDigest?: string | undefined;
}

const held = (checks: readonly DoctorCheck[]): number =>
  checks.filter(({ findings }) => findings.length === 0).length;

/** A look of the doctor as a report to keep: a case is a check, a class is what it is about. */
export function doctorReport(look: Look): NewReport {
  const { checks, origin, startedAt, finishedAt, version, commit, sourcesDigest } = look;
  const classes = doctorAreas.flatMap((area) => {
    const ours = checks.filter((check) => check.area === area);
    if (ours.length === 0) return [];
    return [{ name: doctorAreaLabels[area], cases: ours.length, held: held(ours) }];
  });
  const document: DoctorDocument = {
    origin,
    milliseconds: finishedAt.getTime() - startedAt.getTime(),
    codeAt: look.codeAt ?? startedAt.toISOString(),
    checks: [...checks],
  };
  const passed = held(checks);
  return {
    kind: 'doctor',
    startedAt,
    finishedAt,
    passed,
    failed: checks.length - passed,
    classes,
    document,
    version,
    commit,
    sourcesDigest,
  };
}
