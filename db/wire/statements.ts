import type { Pool, QueryResult } from 'pg';
import { DoorMisuseError } from '../errors';
import type { Prelude, Statement } from './exchange';
import { named } from './names';
import { encodeParameters } from './parameters';
import { callersError, exchangeOnPool } from './pool';
import type { Runner } from './prepared';

/**
 * Runs each statement as a transaction of its own: scope and statement under one Sync.
 * A statement that leaves a transaction open costs the connection, not the next user.
 */
export class Statements implements Runner {
  readonly #pool: Pool;
  readonly #scope: readonly Prelude[];
  readonly #signal: AbortSignal | undefined;

  constructor(pool: Pool, scope: readonly Prelude[], signal?: AbortSignal) {
    this.#pool = pool;
    this.#scope = scope;
    this.#signal = signal;
  }

  async query(statement: Statement, parameters: readonly unknown[] = []): Promise<QueryResult> {
    const values = encodeParameters(parameters);
    const outcome = await exchangeOnPool(this.#pool, {
      preludes: this.#scope,
      statement: named(statement, values, this.#scope[0]?.answer),
      values,
      signal: this.#signal,
    });
    if (outcome.error) throw callersError(outcome.error, this.#signal);
    if (outcome.broken) {
      throw new DoorMisuseError('Transactions are made with withTenant, not by BEGIN.');
    }
    return outcome.result;
  }
}
