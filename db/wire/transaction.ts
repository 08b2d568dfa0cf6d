import type { QueryResult } from 'pg';
import { DoorMisuseError, TransactionAbortedError } from '../errors';
import { refuseCommand } from './commands';
import type { Entry } from './entry';
import type { Outcome, Prelude, Statement } from './exchange';
import { named, nameFor } from './names';
import { noteAlong, noteOutcome } from './note';
import { encodeParameters, type WireValue } from './parameters';
import { callersError, exchange, type Held, takeConnection } from './pool';
import { isClean } from './soiled';

export interface TransactionOptions {
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
  readonly readOnly?: boolean;
  /** Ends the transaction at once: it is rolled back and its connection closed. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Why its statements lawfully reach into several tenants, in plain words: others that do are
   * reported. Of no effect for `withTenant`, whose statements always say whose rows they mean.
   */
  readonly acrossTenants?: string | undefined;
}

type Along = Prelude & Statement;

function beginning(options: TransactionOptions): Prelude {
  const isolation = options.isolation ?? 'read committed';
  const access = options.readOnly ? 'read only' : 'read write';
  const text = `begin isolation level ${isolation} ${access}`;
  return { name: `tenantry_${text.replaceAll(' ', '_')}`, text, values: [] };
}

/** Statements that wait for the next one, at most; a list of any length is not held back whole. */
const mostAlong = 32;

/** Made where it is thrown: its stack then leads to who did not wait, and no transaction pays for it. */
const isOver = () =>
  new DoorMisuseError('This transaction is over. Await each statement inside it.');

const commit: Statement = { name: 'tenantry_commit', text: 'commit' };
const rollback: Statement = { name: 'tenantry_rollback', text: 'rollback' };

/**
 * One transaction on one connection. BEGIN and the scope travel with the first statement, so they
 * cost no round trip; a transaction without statements costs nothing.
 *
 * Statements run one after another, whatever the caller awaits. After the end nothing more runs: a
 * forgotten promise cannot reach the connection's next user.
 */
export class Transaction {
  readonly #entry: Entry;
  readonly #opening: readonly Prelude[];
  readonly #signal: AbortSignal | undefined;
  #held: Held | undefined;
  #open = false;
  #over: (() => Error) | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  /** To go out ahead of the next statement, in one exchange with it. */
  #along: Along[] = [];

  constructor(entry: Entry, options: TransactionOptions) {
    const { acrossTenants } = options;
    this.#entry = acrossTenants === undefined ? entry : { ...entry, acrossTenants };
    this.#opening = [beginning(options), ...entry.scope];
    this.#signal = options.signal;
  }

  /** Called by drizzle's session. */
  query(statement: Statement, parameters: readonly unknown[] = []): Promise<QueryResult> {
    let values: WireValue[];
    try {
      refuseCommand(statement.text);
      values = encodeParameters(parameters);
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#next(() => this.#run(statement, values));
  }

  /**
   * Have a statement run whose answer nobody needs: it goes out with the next one, or with COMMIT, ahead
   * of it, and costs no round trip. What it fails with, that one fails with.
   * @param statement has been seen to read or write rows, by `alongside`
   */
  along(statement: Statement, parameters: readonly unknown[]): Promise<void> {
    let values: WireValue[];
    try {
      values = encodeParameters(parameters);
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#next(async () => {
      if (this.#over) throw this.#over();
      // That the transaction has failed already is for this statement to say.
      const failed = this.#held?.client.getTransactionStatus() === 'E';
      if (failed || this.#along.length >= mostAlong) await this.#run(statement, values);
      else {
        const { text } = statement;
        const name = nameFor(text, values, this.#entry.tenantId);
        this.#along.push({ name, text, values, callers: true });
      }
    });
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(work);
    this.#tail = done.catch(() => {});
    return done;
  }

  async #run(statement: Statement, values: readonly WireValue[]): Promise<QueryResult> {
    if (this.#over) throw this.#over();
    const askedAt = performance.now();
    const { client } = await this.#hold();
    const outcome = await exchange(client, {
      preludes: this.#preludes(),
      statement: named(statement, values, this.#entry.tenantId),
      values,
      signal: this.#signal,
    });
    this.#note(statement, values, askedAt, outcome);
    this.#settle(outcome);
    if (outcome.error) throw callersError(outcome.error, this.#signal);
    return outcome.result;
  }

  /** The transaction's connection, taken now if it has none yet. */
  async #hold(): Promise<Held> {
    this.#held ??= await takeConnection(this.#entry.pool, this.#signal).catch((error) => {
      throw callersError(error, this.#signal);
    });
    return this.#held;
  }

  /** What goes ahead of a statement that is sent now. */
  #preludes(): readonly Prelude[] {
    const opening = this.#open ? [] : this.#opening;
    return this.#along.length === 0 ? opening : [...opening, ...this.#along];
  }

  /** Have what was sent observed. */
  #note(
    statement: Statement,
    values: readonly WireValue[],
    askedAt: number,
    outcome: Outcome,
  ): void {
    const along = this.#along;
    if (along.length > 0) {
      this.#along = [];
      for (const each of along) noteAlong(this.#entry, each, outcome);
    }
    noteOutcome(this.#entry, statement, values, askedAt, outcome);
  }

  /** Look at where the statement left the transaction. */
  #settle(outcome: Outcome): void {
    this.#open = true;
    if (outcome.error && outcome.broken) {
      const error = callersError(outcome.error, this.#signal);
      this.#close(() => error, true);
    } else if (this.#held?.client.getTransactionStatus() === 'I') {
      this.#close(
        () =>
          new DoorMisuseError(
            'The transaction was ended by a statement inside it. Return or throw to end it.',
          ),
      );
    }
  }

  #close(reason: () => Error = isOver, broken = false): void {
    this.#over ??= reason;
    this.#held?.release(broken || !isClean(this.#held.client) ? reason() : undefined);
    this.#held = undefined;
  }

  /** Send the last statement and give the connection back, closed unless the server is idle. */
  async #finish(held: Held, statement: Statement): Promise<Outcome> {
    const askedAt = performance.now();
    const preludes = this.#preludes();
    const outcome = await exchange(held.client, { preludes, statement, values: [] });
    this.#note(statement, [], askedAt, outcome);
    // What went ahead of COMMIT has failed, and the transaction is still open.
    if (outcome.error && !outcome.broken && held.client.getTransactionStatus() !== 'I') {
      await exchange(held.client, { preludes: [], statement: rollback, values: [] });
    }
    this.#close(undefined, outcome.broken || !isClean(held.client));
    return outcome;
  }

  /**
   * Make it permanent. Not abortable: once COMMIT is on its way, only its answer tells what happened.
   * @throws TransactionAbortedError when a failed statement made the server roll back instead
   */
  commit(): Promise<void> {
    return this.#next(async () => {
      if (this.#over) throw this.#over();
      if (!this.#held && this.#along.length === 0) return this.#close();
      const outcome = await this.#finish(await this.#hold(), commit);
      if (outcome.error) throw callersError(outcome.error);
      if (outcome.result.command !== 'COMMIT') throw new TransactionAbortedError();
    });
  }

  /** Undo it. Never throws: a connection that cannot roll back is closed, which undoes it too. */
  rollback(): Promise<void> {
    return this.#next(async () => {
      this.#along = [];
      if (this.#held) await this.#finish(this.#held, rollback);
      else this.#close();
    });
  }
}
