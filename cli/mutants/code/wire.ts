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
  wire(
    'lane-left-with-somebody-aboard',
    'A connection goes back to the pool while somebody waits for an answer on it.',
    'lane',
    { find: 'if («this.#aboard.length > 0» || this.#timer', instead: 'false' },
    ['lane-ends', 'is not given back while somebody is aboard who came when it was empty'],
  ),
  wire(
    'lane-left-twice',
    'A connection goes back to the pool twice when its end is seen twice.',
    'lane',
    { find: '|| «this.#timer === undefined») return', instead: 'false' },
    ['lane-ends', 'is given back once, though its end is seen twice in a turn'],
  ),
  wire(
    'lane-without-end',
    'A lane that is always in use keeps its connection for ever.',
    'lane',
    { find: '«this.#trips -= 1»;', instead: 'this.#trips' },
    ['lane-ends', 'is given back after so many exchanges, though somebody is always aboard'],
  ),
  wire(
    'lane-transaction-left-open',
    'Who leaves a transaction open on a shared connection is not told so.',
    'lane',
    { find: 'const outcome = «judged(client, answer)»;', instead: 'answer' },
    ['lane-ends', 'is closed when someone has left a transaction open, who is told so'],
  ),
  wire(
    'riders-uncounted',
    'What rides is not counted among the exchanges under way.',
    'exchange',
    { find: '«begun()»;', instead: 'undefined' },
    ['lane-ends', 'those aboard are under way for all others, until each is answered'],
  ),
  wire(
    'riders-with-unknown-preludes',
    'Who has preludes that a connection has not parsed may ride on it, and take others with him.',
    'parsed',
    {
      find: "return «preludes.every((prelude) => names.has(prelude.name ?? ''))»;",
      instead: 'true',
    },
    ['lane-ends', 'a lane takes nothing whose preludes its connection has not parsed'],
  ),
];
