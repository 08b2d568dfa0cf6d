import type { QueryResult } from 'pg';
import { DoorMisuseError } from '../errors';
import { refuseCommand } from './commands';
import type { Entry } from './entry';
import type { Statement } from './exchange';
import { named } from './names';
import { noteOutcome } from './note';
import { encodeParameters } from './parameters';
import { callersError, exchangeOnPool } from './pool';
import type { Runner } from './prepared';

/**
 * Runs each statement as a transaction of its own: scope and statement under one Sync.
 * A statement that leaves a transaction open costs the connection, not the next user.
 */
export class Statements implements Runner {
  readonly #entry: Entry;
  readonly #signal: AbortSignal | undefined;

  constructor(entry: Entry, signal?: AbortSignal) {
    this.#entry = entry;
    this.#signal = signal;
  }

  async query(statement: Statement, parameters: readonly unknown[] = []): Promise<QueryResult> {
    refuseCommand(statement.text);
    const values = encodeParameters(parameters);
    const { pool, scope, tenantId } = this.#entry;
    const askedAt = performance.now();
    const outcome = await exchangeOnPool(pool, {
      preludes: scope,
      statement: named(statement, values, tenantId),
      values,
      signal: this.#signal,
    });
    noteOutcome(this.#entry, statement, values, askedAt, outcome);
    if (outcome.error) throw callersError(outcome.error, this.#signal);
    if (outcome.broken) {
      throw new DoorMisuseError('Transactions are made with withTenant, not by BEGIN.');
    }
    return outcome.result;
  }
}
