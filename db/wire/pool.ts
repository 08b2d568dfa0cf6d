import { DatabaseError, type Pool, type PoolClient } from 'pg';
import { ConnectionLostError, QueryError } from '../errors';
import { Exchange, type Outcome, type Prelude, type Statement } from './exchange';
import type { WireValue } from './parameters';

/** The error to throw for how an exchange ended; made by the caller so that its stack is his. */
export function callersError(error: Error): Error {
  if (error instanceof DatabaseError) return new QueryError(error);
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return error;
  return new ConnectionLostError(error.message, { cause: error });
}

function abortReason(signal: AbortSignal): Error {
  const { reason } = signal;
  return reason instanceof Error ? reason : new DOMException('The work was aborted.', 'AbortError');
}

/** A connection taken from the pool, to be given back exactly once. */
export interface Held {
  readonly client: PoolClient;
  /** Give the connection back; with an error it is closed rather than used again. */
  release(error?: Error): void;
}

/**
 * Take a connection.
 * @param signal gives up waiting; a connection that comes all the same goes back untouched
 */
export function takeConnection(pool: Pool, signal?: AbortSignal): Promise<Held> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(abortReason(signal));
      return;
    }
    const onAbort = () => reject(abortReason(signal as AbortSignal));
    signal?.addEventListener('abort', onAbort, { once: true });
    pool.connect((error, client, done) => {
      signal?.removeEventListener('abort', onAbort);
      if (error || !client) reject(error ?? new Error('The pool gave no connection.'));
      else if (signal?.aborted) done();
      else resolve({ client, release: (failure) => done(failure) });
    });
  });
}

/**
 * Run one exchange on a connection that is ours. Always resolves.
 *
 * Aborted, it resolves at once and says that the connection is broken: its answer is still to come,
 * and nobody else may be there to receive it.
 */
export function exchange(
  client: PoolClient,
  preludes: readonly Prelude[],
  statement: Statement,
  values: readonly WireValue[],
  signal?: AbortSignal,
): Promise<Outcome> {
  return new Promise((resolve) => {
    if (!signal) {
      client.query(new Exchange(preludes, statement, values, resolve));
      return;
    }
    if (signal.aborted) {
      resolve({ error: abortReason(signal), broken: true });
      return;
    }
    const onAbort = () => resolve({ error: abortReason(signal), broken: true });
    signal.addEventListener('abort', onAbort, { once: true });
    client.query(
      new Exchange(preludes, statement, values, (outcome) => {
        signal.removeEventListener('abort', onAbort);
        resolve(outcome);
      }),
    );
  });
}

/** The server's word on the connection: `I` idle, `T` in a transaction, `E` in a failed one. */
export function transactionStatus(client: PoolClient): string | null {
  return client.getTransactionStatus();
}
