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
  file: `db/${file}.ts`,
  edits: [edit],
  noticedBy: unit(`db/${test}.test.ts`, title),
});

export const wireMutants: readonly CodeMutant[] = [
  wire(
    'scope-answered-by-anything',
    'The comparison of what the server says of a scope with the scope that was asked for.',
    'wire/exchange',
    { find: 'message.fields.length === 1 && «message.fields[0] === answer»', instead: 'true' },
    ['wire/lane', 'are answered elsewhere once the scope of number 1 was not taken'],
  ),
  wire(
    'scope-answered-by-nothing',
    'A scope to which the server gives no row at all counts as taken.',
    'wire/exchange',
    { find: 'if (expected !== undefined && «!this.#taken»)', instead: 'false' },
    ['wire/exchange', 'was not taken when what comes is no row'],
  ),
  wire(
    'lane-left-with-somebody-aboard',
    'A connection goes back to the pool while somebody waits for an answer on it.',
    'wire/lane',
    { find: 'if («this.#aboard.length > 0» || this.#timer', instead: 'false' },
    ['wire/lane-ends', 'is not given back while somebody is aboard who came when it was empty'],
  ),
  wire(
    'lane-left-twice',
    'A connection goes back to the pool twice when its end is seen twice.',
    'wire/lane',
    { find: '|| «this.#timer === undefined») return', instead: 'false' },
    ['wire/lane-ends', 'is given back once, though its end is seen twice in a turn'],
  ),
  wire(
    'lane-without-end',
    'A lane that is always in use keeps its connection for ever.',
    'wire/lane',
    { find: '«this.#trips -= 1»;', instead: 'this.#trips' },
    ['wire/lane-ends', 'is given back after so many exchanges, though somebody is always aboard'],
  ),
  wire(
    'lane-transaction-left-open',
    'Who leaves a transaction open on a shared connection is not told so.',
    'wire/lane',
    { find: 'const outcome = «judged(client, answer)»;', instead: 'answer' },
    ['wire/lane-ends', 'is closed when someone has left a transaction open, who is told so'],
  ),
  wire(
    'riders-uncounted',
    'What rides is not counted among the exchanges under way.',
    'wire/exchange',
    { find: '«begun()»;', instead: 'undefined' },
    ['wire/lane-ends', 'those aboard are under way for all others, until each is answered'],
  ),
  wire(
    'riders-with-unknown-preludes',
    'Who has preludes that a connection has not parsed may ride on it, and take others with him.',
    'wire/parsed',
    {
      find: "return «preludes.every((prelude) => names.has(prelude.name ?? ''))»;",
      instead: 'true',
    },
    ['wire/lane-ends', 'a lane takes nothing whose preludes its connection has not parsed'],
  ),
  wire(
    'large-answers-when-encrypted',
    'The end that a value too large to be read makes to a connection, where that is encrypted.',
    'connections',
    { find: "once('sslconnect', () => «refuseTooLarge(connection.stream)»)", instead: 'undefined' },
    ['encrypted', 'is ended by a value too large to be read, and no other is'],
  ),
  {
    kind: 'code',
    name: 'silence-believed',
    class: 'sql: a server that goes away in silence',
    taken: 'The question whether the server is still there: who waits for it waits for ever.',
    file: 'db/connections.ts',
    edits: [{ find: 'keepAlive: «true»,', instead: 'false' }],
    noticedBy: unit('db/keep-alive.test.ts', 'is asked whether the server is still there'),
  },
  wire(
    'stale-statements-kept',
    'A connection is used again whose statements are not what they are taken for.',
    'wire/exchange',
    { find: 'this.#fail(error, doors || «isStale(error)»);', instead: 'false' },
    ['wire/exchange', 'costs the connection when its answer would look otherwise than before'],
  ),
  wire(
    'answers-uncounted',
    'An answer with fewer statements than were sent counts as whole.',
    'wire/exchange',
    {
      find: '!this.#error && «this.#answered !== this.#preludes.length + 1»',
      instead: 'false',
    },
    ['wire/exchange', 'is not one with fewer statements than were sent'],
  ),
  wire(
    'answers-in-part',
    'An answer of which the server has not sent all counts as whole.',
    'wire/exchange',
    {
      find: "«this.#fail(new Error('The server suspended a portal that has no limit.'), true)»",
      instead: 'this.#next()',
    },
    ['wire/exchange', 'is not one that the server has stopped in the middle of'],
  ),
  wire(
    'riders-with-a-signal',
    'A read that may be aborted shares a connection, on which its going away is not heard of.',
    'wire/statements',
    { find: 'this.#reads && «!this.#signal» ? exchangeShared', instead: 'true' },
    ['wire/lanes', 'do not share one when they may be aborted'],
  ),
  wire(
    'answers-lost-with-a-large-one',
    'What came in one piece with a value too large to be read is lost with it.',
    'wire/socket',
    { find: 'if («ahead > 0») socket.emit', instead: 'false' },
    ['wire/socket', 'costs nothing that came in one piece with its header'],
  ),
  wire(
    'stale-reads-fail',
    'A read fails, once per connection, after a migration that has changed a column of its answer.',
    'wire/statements',
    { find: 'if (outcome.error && this.#reads && «isStale(outcome.error)»)', instead: 'false' },
    ['wire/statements', 'is answered on every connection that had parsed it'],
  ),
  wire(
    'writes-asked-twice',
    'What may write is asked again after it has failed.',
    'wire/statements',
    { find: 'if (outcome.error && «this.#reads» && isStale(outcome.error))', instead: 'true' },
    ['wire/statements', 'is not asked again when it may do more than read'],
  ),
  wire(
    'riders-rescued-from-this-process',
    'Reads are asked twice whenever this process was at something else for a while.',
    'wire/lane',
    { find: 'if («first === late») {', instead: 'true' },
    ['wire/lane', 'which is for this process to read the answer, nobody is answered elsewhere'],
  ),
  wire(
    'lane-without-anybody',
    'A lane whose first could not be written down keeps its connection for ever.',
    'wire/lane',
    { find: '«setImmediate(() => this.#leave())»;\n      rider.ended', instead: 'undefined' },
    ['wire/lane-ends', 'leaves no lane without an end'],
  ),
];
