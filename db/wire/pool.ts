import { DatabaseError, type Pool, type PoolClient } from 'pg';
import { ConnectionLostError, QueryError } from '../errors';
import { Exchange, type Outcome, type Prelude, type Statement } from './exchange';
import type { WireValue } from './parameters';

/** The error to throw for how an exchange ended; made by the caller so that its stack is his. */
export function callersError(error: Error): Error {
  if (error instanceof DatabaseError) return new QueryError(error);
  if (error instanceof ConnectionLostError) return error;
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return error;
  return new ConnectionLostError('The connection to the database was lost.', { cause: error });
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

/** Milliseconds to wait for a connection before the caller is told that there is none. */
const ACQUIRE_LIMIT = 10_000;

/**
 * Take a connection.
 * @param signal gives up waiting; a connection that comes all the same goes back untouched
 * @throws ConnectionLostError when none comes in time; the signal's reason when aborted
 */
export function takeConnection(pool: Pool, signal?: AbortSignal): Promise<Held> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortReason(signal));
    let gaveUp = false;
    const giveUp = (error: Error): void => {
      gaveUp = true;
      signal?.removeEventListener('abort', onAbort);
      clearTimeout(timer);
      reject(error);
    };
    const onAbort = () => giveUp(abortReason(signal as AbortSignal));
    signal?.addEventListener('abort', onAbort, { once: true });
    // A timer costs more than a query that finds an idle connection waits.
    const timer =
      pool.idleCount > pool.waitingCount
        ? undefined
        : setTimeout(
            () => giveUp(new ConnectionLostError('All database connections are in use.')),
            ACQUIRE_LIMIT,
          );
    pool.connect((error, client, done) => {
      if (gaveUp) return done();
      if (error || !client) {
        return giveUp(new ConnectionLostError('The database cannot be reached.', { cause: error }));
      }
      signal?.removeEventListener('abort', onAbort);
      clearTimeout(timer);
      resolve({ client, release: (failure) => done(failure) });
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

/**
 * Take a connection, run one exchange that is to leave it idle, give it back. Always resolves; an
 * outcome that is `broken` has cost the connection.
 */
export async function exchangeOnPool(
  pool: Pool,
  preludes: readonly Prelude[],
  statement: Statement,
  values: readonly WireValue[],
  signal?: AbortSignal,
): Promise<Outcome> {
  let held: Held;
  try {
    held = await takeConnection(pool, signal);
  } catch (error) {
    return { error: error as Error, broken: false };
  }
  const outcome = await exchange(held.client, preludes, statement, values, signal);
  const broken = outcome.broken || held.client.getTransactionStatus() !== 'I';
  held.release(broken ? (outcome.error ?? new Error('A transaction was left open.')) : undefined);
  return broken ? { ...outcome, broken } : outcome;
}
