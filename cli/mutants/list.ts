import { appMutants } from './app';
import { cacheMutants } from './cache';
import { jobMutants } from './job';
import type { Mutant } from './mutant';
import { sqlMutants } from './sql';

/** Every defence that is taken away. */
export const mutants: readonly Mutant[] = [
  ...sqlMutants,
  ...appMutants,
  ...cacheMutants,
  ...jobMutants,
];

/**
 * The mutants of these names; all without one.
 * @throws Error naming one that there is not
 */
export function chosenMutants(names: readonly string[]): readonly Mutant[] {
  const unknown = names.find((name) => !mutants.some((mutant) => mutant.name === name));
  if (unknown !== undefined) {
    const known = mutants.map(({ name }) => name).join(', ');
    throw new Error(`There is no mutant called ${unknown}. There are: ${known}`);
  }
  return names.length === 0 ? mutants : mutants.filter(({ name }) => names.includes(name));
}
