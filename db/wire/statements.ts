import type { QueryResult } from 'pg';
import { DoorMisuseError } from '../errors';
import { refuseCommand } from './commands';
import type { Entry } from './entry';
import { isStale, type Outcome, type Statement } from './exchange';
import { exchangeShared } from './lanes';
import { named } from './names';
import { noteOutcome } from './note';
import { notePace } from './pace';
import { encodeParameters } from './parameters';
import { callersError, exchangeOnPool, type Work } from './pool';
import type { Runner } from './prepared';

/**
 * Runs each statement as a transaction of its own: scope and statement under one Sync.
 * A statement that leaves a transaction open costs the connection, not the next user.
 */
export class Statements implements Runner {
  readonly #entry: Entry;
  readonly #signal: AbortSignal | undefined;
  readonly #reads: boolean;

  /** @param reads whether its statements do nothing but read, and have their names */
  constructor(entry: Entry, signal?: AbortSignal, reads = false) {
    this.#entry = entry;
    this.#signal = signal;
    this.#reads = reads;
  }

  async query(statement: Statement, parameters: readonly unknown[] = []): Promise<QueryResult> {
    refuseCommand(statement.text);
    const values = encodeParameters(parameters);
    const { pool, scope, tenantId } = this.#entry;
    const askedAt = performance.now();
    const work: Work = {
      preludes: scope,
      statement: named(statement, values, tenantId),
      values,
      signal: this.#signal,
    };
    let outcome = await this.#exchange(work);
    // After a migration each connection fails once by what it has parsed. By no name it is parsed anew.
    if (outcome.error && this.#reads && isStale(outcome.error)) {
      outcome = await exchangeOnPool(pool, {
        ...work,
        statement: { ...statement, name: undefined },
      });
    }
    if (this.#reads && statement.name) notePace(statement.name, outcome);
    noteOutcome(this.#entry, statement, values, askedAt, outcome);
    if (outcome.error) throw callersError(outcome.error, this.#signal);
    if (outcome.broken) {
      throw new DoorMisuseError('Transactions are made with withTenant, not by BEGIN.');
    }
    return outcome.result;
  }

  #exchange(work: Work): Promise<Outcome> {
    const { pool } = this.#entry;
    return this.#reads && !this.#signal ? exchangeShared(pool, work) : exchangeOnPool(pool, work);
  }
}
