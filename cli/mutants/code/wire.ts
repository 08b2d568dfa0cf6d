import type { CodeMutant, Edit } from '../mutant';
import { unit } from './named';

/** Mutants of what carries statements to the server and their answers back. */

const wire = (
  name: string,
  taken: string,
  file: string,
  edit: Edit,
  [test, title]: readonly [test: string, title: string],
): CodeMutant => ({
  kind: 'code',
  name,
  class: 'sql: answers on a shared connection',
  taken,
  file: `db/wire/${file}.ts`,
  edits: [edit],
  noticedBy: unit(`db/wire/${test}.test.ts`, title),
});

export const wireMutants: readonly CodeMutant[] = [
  wire(
    'scope-answered-by-anything',
    'The comparison of what the server says of a scope with the scope that was asked for.',
    'exchange',
    { find: 'message.fields.length === 1 && «message.fields[0] === answer»', instead: 'true' },
    ['lane', 'are answered elsewhere once the scope of number 1 was not taken'],
  ),
  wire(
    'scope-answered-by-nothing',
    'A scope to which the server gives no row at all counts as taken.',
    'exchange',
    { find: 'if (expected !== undefined && «!this.#taken»)', instead: 'false' },
    ['exchange', 'was not taken when what comes is no row'],
  ),
];
