import type { DoctorCheck } from '@/lib/doctor';
import { checkBoundaries } from './boundaries';
import { checkEndpoints } from './endpoints';
import { checkCaching, checkEnvironment, checkJobs } from './habits';
import { checkPolicySource } from './policy';
import { readSources } from './source';

/** Every check of the code of a tree; needs nothing to run. */
export function inspectCode(root: string): DoctorCheck[] {
  const files = readSources(root);
  return [
    checkEndpoints(files),
    ...checkBoundaries(files),
    checkCaching(files),
    checkJobs(files),
    checkEnvironment(files),
    checkPolicySource(files),
  ];
}
