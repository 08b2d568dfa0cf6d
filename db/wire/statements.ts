import type { Pool, QueryResult } from 'pg';
import { DoorMisuseError } from '../errors';
import type { Prelude, Statement } from './exchange';
import { encodeParameters } from './parameters';
import { callersError, exchange, takeConnection } from './pool';
import type { Runner } from './session';

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
    const held = await takeConnection(this.#pool, this.#signal).catch((error) => {
      throw callersError(error);
    });
    const outcome = await exchange(held.client, this.#scope, statement, values, this.#signal);
    const idle = held.client.getTransactionStatus() === 'I';
    held.release(outcome.broken || !idle ? (outcome.error ?? new Error('not idle')) : undefined);
    if (outcome.error) throw callersError(outcome.error);
    if (!idle) throw new DoorMisuseError('Transactions are made with withTenant, not by BEGIN.');
    return outcome.result;
  }
}
