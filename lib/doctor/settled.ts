import type { DoctorArea, DoctorCheck } from './contract';
import { placed } from './finding';

/** What is said of a look that failed before it could say anything. */
export function unseenCheck(area: DoctorArea, where: string, error: unknown): DoctorCheck {
  const message = error instanceof Error ? error.message : String(error);
  return placed(area, 'process', {
    check: `${where} can be looked at`,
    looked: where,
    findings: [
      {
        where,
        problem: `It could not be looked at: ${message}.`,
        remedy: 'Run npm run doctor, and put right what it says.',
        severity: 'warning',
        unseen: true,
      },
    ],
  });
}

/** What a look says; one that fails says so, and takes none of the others along. */
export async function settled(
  area: DoctorArea,
  where: string,
  look: () => Promise<readonly DoctorCheck[]> | readonly DoctorCheck[],
): Promise<readonly DoctorCheck[]> {
  try {
    return await look();
  } catch (error) {
    return [unseenCheck(area, where, error)];
  }
}
