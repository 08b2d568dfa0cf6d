import { v5 } from 'uuid';

/** Never change it: what is under way could not be found again. */
const namespace = '0f8c1f0e-5a55-4b0e-9d59-3f6f2f1c7a10';

/** A UUID (version 5) that is the same for the same step of the same run, however often it is tried. */
export function stableId(runId: string, stepKey: string): string {
  return v5(`${runId}/${stepKey}`, namespace);
}
