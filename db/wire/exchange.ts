import {
  type Connection,
  DatabaseError,
  type PoolClient,
  type QueryResult,
  type Submittable,
} from 'pg';
import { Answer, type Shape } from './answer';
import { leavesNothing } from './commands';
import { Messages } from './messages';
import { answered, begun, type Sink, send } from './outbox';
import type { WireValue } from './parameters';
import { type ParsedNames, parsedOn } from './parsed';
import { Scope } from './scope';

/** A statement that goes ahead of another in the same exchange. */
export interface Prelude {
  readonly name?: string | undefined;
  readonly text: string;
  readonly values: readonly WireValue[];
  /** What its one row's one column must be; anything else breaks the connection. */
  readonly answer?: string;
  /** The caller's own, not the door's: its failure is the caller's too, and breaks no connection. */
  readonly callers?: true;
}

/** A statement, and how its answer is to be read. */
export interface Statement {
  /** Parsed once per connection under this name; without one it is parsed each time. */
  readonly name?: string | undefined;
  readonly text: string;
  /** Rows as arrays of values rather than objects. */
  readonly rowMode?: 'array';
}

/** When an exchange went out and when it was over, by `performance.now()`. */
interface Times {
  readonly sentAt?: number | undefined;
  readonly readyAt?: number | undefined;
}

/** How an exchange ended. Unless `broken`, the server has said that it is ready for the next one. */
export type Outcome = Times &
  (
    | { readonly result: QueryResult; readonly error?: undefined; readonly broken: boolean }
    | { readonly error: Error; readonly broken: boolean }
  );

/** What `pg` gives a Submittable to write with; its types lag behind. */
interface Wire {
  readonly stream: Sink;
  sendCopyFail(message: string): void;
  on(event: string, listener: () => void): void;
  off(event: string, listener: () => void): void;
}

const notTaken = () => new Error('The server did not take the scope of this statement.');

/** Errors after which a connection's parsed statements cannot be relied on. */
const staleStatements = new Set(['0A000', '26000', '42P05']);

/** Whether a statement has failed by what its connection had kept of it, or may have. */
export function isStale(error: Error): boolean {
  return error instanceof DatabaseError && staleStatements.has(error.code ?? '');
}

/**
 * One exchange with the server: preludes and a statement under ONE Sync, so that all of it is one
 * implicit transaction and one round trip (PostgreSQL manual, "Extended Query" and "Pipelining").
 *
 * It is a Submittable of `pg`, its documented extension point. It differs from `pg`'s own Query in
 * that it ends only when the server is ready again, also after an error: a connection that goes
 * back to the pool has no answer outstanding that the next user could take for its own.
 */
export class Exchange implements Submittable {
  readonly #preludes: readonly Prelude[];
  readonly #statement: Statement;
  readonly #values: readonly WireValue[];
  readonly #ended: (outcome: Outcome) => void;
  readonly #answer: Answer;
  /** Statements whose ParseComplete is still to come, in order. */
  readonly #parsing: { readonly name: string; readonly text: string }[] = [];
  readonly #listeners: (readonly [event: string, listener: () => void])[] = [];
  #wire: Wire | undefined;
  /** Statements answered so far; the preludes are the first ones. */
  #answered = 0;
  /** Whether the prelude that is being answered has given the answer that it is to give. */
  #taken = false;
  #error: Error | undefined;
  #broken = false;
  #over = false;
  #sent = false;
  #sentAt: number | undefined;

  constructor(
    preludes: readonly Prelude[],
    statement: Statement,
    values: readonly WireValue[],
    ended: (outcome: Outcome) => void,
  ) {
    this.#preludes = preludes;
    this.#statement = statement;
    this.#values = values;
    this.#ended = ended;
    this.#answer = new Answer(statement.rowMode === 'array');
  }

  /** Called by `pg` when it is this exchange's turn. */
  submit(connection: Connection): Error | null {
    // What rides was sent behind others. From here on the answers are its own.
    if (!this.#sent) {
      const wire = connection as unknown as Wire;
      this.#wire = wire;
      const names = parsedOn(wire);
      const refusal = this.#refusal(names);
      if (refusal) return refusal;
      const bytes = this.#written(names);
      if (this.#parsing.length > 0) this.#listen('parseComplete', () => this.#parseComplete());
      this.#sent = true;
      send(wire.stream, bytes);
    }
    this.#sentAt = performance.now();
    return null;
  }

  /**
   * Have it ride: its bytes are sent by the caller, behind other exchanges that are still to be
   * answered, and `pg` gets it when they are. Only where the connection `knows` all that it sends.
   */
  ride(client: PoolClient): Buffer {
    const wire = client.connection as unknown as Wire;
    const bytes = this.#written(parsedOn(wire));
    this.#wire = wire;
    this.#sent = true;
    begun();
    return bytes;
  }

  #written(names: ParsedNames): Buffer {
    const messages = new Messages();
    for (const prelude of this.#preludes) {
      this.#parse(messages, names, prelude);
      if (prelude instanceof Scope) messages.append(prelude.bound);
      else {
        messages.bind(prelude.name ?? '', prelude.values);
        messages.execute();
      }
    }
    this.#parse(messages, names, this.#statement);
    messages.bind(this.#statement.name ?? '', this.#values);
    const shape = names.get(this.#statement.name ?? '')?.shape;
    if (shape) this.#answer.shape = shape;
    else messages.describe();
    messages.execute();
    messages.sync();
    return messages.bytes();
  }

  /** Hear of what `pg` does not pass on, until the end. Rare: most exchanges need none of it. */
  #listen(event: string, listener: () => void): void {
    this.#wire?.on(event, listener);
    this.#listeners.push([event, listener]);
  }

  /** What must not be sent, such as a name that stands for another statement here. */
  #refusal(names: ParsedNames): Error | undefined {
    const { name, text } = this.#statement;
    const known = name === undefined ? undefined : names.get(name);
    if (known && known.text !== text) {
      return new Error(`Two different statements have the name "${name}".`);
    }
    // A zero byte ends a string on the wire; what follows it would be read as something else.
    return !known && text.includes('\0') ? new Error('A statement has a zero byte.') : undefined;
  }

  #parse(
    messages: Messages,
    names: ParsedNames,
    { name = '', text }: Pick<Statement, 'name' | 'text'>,
  ): void {
    if (names.has(name)) return;
    // The same may go out several times in one exchange, before any of them is answered.
    if (name !== '' && this.#parsing.some((each) => each.name === name)) return;
    messages.parse(name, text);
    this.#parsing.push({ name, text });
  }

  #parseComplete(): void {
    const done = this.#parsing.shift();
    if (!done?.name || !this.#wire) return;
    parsedOn(this.#wire).set(done.name, { text: done.text, shape: undefined });
  }

  handleRowDescription(message: { fields: Shape['fields'] }): void {
    this.#answer.describe(message.fields);
  }

  handleDataRow(message: { fields: (string | null)[] }): void {
    if (this.#answered < this.#preludes.length) {
      const { answer } = this.#preludes[this.#answered] as Prelude;
      if (answer === undefined) return;
      if (message.fields.length === 1 && message.fields[0] === answer) this.#taken = true;
      else this.#fail(notTaken(), true);
      return;
    }
    if (this.#error) return;
    try {
      this.#answer.add(message.fields);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)), false);
    }
  }

  handleCommandComplete(message: { text: string }): void {
    if (this.#answered >= this.#preludes.length) this.#answer.complete(message.text);
    if (!leavesNothing(message.text)) {
      this.#fail(new Error('The statement left something on its connection.'), true);
    }
    this.#next();
  }

  handleEmptyQuery(): void {
    this.#next();
  }

  /** A statement has been answered. A scope that gave no row at all was not taken either. */
  #next(): void {
    const expected = this.#preludes[this.#answered]?.answer;
    if (expected !== undefined && !this.#taken) this.#fail(notTaken(), true);
    this.#taken = false;
    this.#answered += 1;
  }

  handlePortalSuspended(): void {
    this.#fail(new Error('The server suspended a portal that has no limit.'), true);
  }

  handleCopyInResponse(connection: Wire): void {
    connection.sendCopyFail('COPY is not possible here.');
  }

  handleCopyData(): void {}

  /** `pg` calls this for the server's errors and, with other errors, when the connection is lost. */
  handleError(error: Error): void {
    const wire = this.#wire;
    if (!wire || wire.stream.destroyed || !(error instanceof DatabaseError)) {
      this.#fail(error, true);
      this.#end();
      return;
    }
    const prelude = this.#preludes[this.#answered];
    const doors = prelude !== undefined && prelude.callers !== true;
    this.#fail(error, doors || isStale(error));
    // After an error `pg` lets go of a query at once. Wait until the server has skipped to the Sync.
    this.#listen('readyForQuery', () => this.#end());
    this.#listen('end', () => {
      this.#broken = true;
      this.#end();
    });
  }

  handleReadyForQuery(): void {
    if (!this.#error && this.#answered !== this.#preludes.length + 1) {
      this.#fail(new Error('The server answered another number of statements than sent.'), true);
    }
    if (!this.#error && this.#wire && this.#statement.name) {
      const known = parsedOn(this.#wire).get(this.#statement.name);
      if (known) known.shape = this.#answer.shape;
    }
    this.#end();
  }

  #fail(error: Error, broken: boolean): void {
    this.#error ??= error;
    this.#broken ||= broken;
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    for (const [event, listener] of this.#listeners) this.#wire?.off(event, listener);
    if (this.#sent) answered();
    const sentAt = this.#sentAt;
    const readyAt = performance.now();
    this.#ended(
      this.#error
        ? { error: this.#error, broken: this.#broken, sentAt, readyAt }
        : { result: this.#answer.result(), broken: false, sentAt, readyAt },
    );
  }
}
