import { cacheMutants } from './code/caches';
import { callers } from './code/callers';
import { consoleMutants } from './code/console';
import { filters } from './code/filters';
import { flows } from './code/flows';
import { jobMutants } from './code/jobs';
import { recordMutants } from './code/record';
import { requests } from './code/requests';
import { sources } from './code/sources';
import { wireMutants } from './code/wire';
import type { Mutant } from './mutant';
import { sqlMutants } from './sql';

/** Every defence that is taken away. */
export const mutants: readonly Mutant[] = [
  ...sqlMutants,
  ...callers,
  ...filters,
  ...requests,
  ...flows,
  ...sources,
  ...cacheMutants,
  ...wireMutants,
  ...jobMutants,
  ...consoleMutants,
  ...recordMutants,
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
