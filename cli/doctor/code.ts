import { checkBoundaries } from './boundaries';
import { checkEndpoints } from './endpoints';
import type { CheckResult } from './finding';
import { checkCaching, checkEnvironment } from './habits';
import { checkPolicySource } from './policy';
import { readSources } from './source';

/** Every check of the code of a tree; needs nothing to run. */
export function inspectCode(root: string): CheckResult[] {
  const files = readSources(root);
  return [
    checkEndpoints(files),
    ...checkBoundaries(files),
    checkEnvironment(files),
    checkCaching(files),
    checkPolicySource(files),
  ];
}
