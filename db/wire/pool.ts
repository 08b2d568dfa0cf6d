import { DatabaseError, type Pool, type PoolClient } from 'pg';
import { ConnectionLostError, QueryError } from '../errors';
import { Exchange, type Outcome, type Prelude, type Statement } from './exchange';
import type { WireValue } from './parameters';
import { isClean } from './soiled';

/** The error to throw for how an exchange ended; made by the caller so that its stack is his. */
export function callersError(error: Error, signal?: AbortSignal): Error {
  if (error instanceof DatabaseError) return new QueryError(error);
  if (error instanceof ConnectionLostError || signal?.aborted) return error;
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
  readonly release: (error?: Error) => void;
}

/** Milliseconds to wait for a connection before the caller is told that there is none. */
const ACQUIRE_LIMIT = 10_000;

type Taken = (error: Error | undefined, held: Held) => void;

/** No connection: given along with an error, for callbacks to be called one way. */
const none = {} as Held;

const unreachable = (cause: Error | undefined): Error =>
  new ConnectionLostError('The database cannot be reached.', { cause });

/** Take a connection, by callback: a promise more or less shows on a read that takes 60 µs. */
export function take(pool: Pool, signal: AbortSignal | undefined, taken: Taken): void {
  // Nor is there need of a timer, or of hearing of an abort, where one is lying ready.
  if (signal || pool.idleCount <= pool.waitingCount) {
    wait(pool, signal, taken);
    return;
  }
  pool.connect((error, client, release) => {
    if (client) taken(undefined, { client, release });
    else taken(unreachable(error), none);
  });
}

function wait(pool: Pool, signal: AbortSignal | undefined, taken: Taken): void {
  let over = false;
  const end = (error: Error | undefined, held: Held): void => {
    over = true;
    signal?.removeEventListener('abort', onAbort);
    clearTimeout(timer);
    taken(error, held);
  };
  const onAbort = () => end(abortReason(signal as AbortSignal), none);
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(
    () => end(new ConnectionLostError('All connections are in use.'), none),
    ACQUIRE_LIMIT,
  );
  pool.connect((error, client, release) => {
    if (over) release();
    else if (client) end(undefined, { client, release });
    else end(unreachable(error), none);
  });
}

/**
 * Take a connection.
 * @param signal gives up waiting; a connection that comes all the same goes back untouched
 * @throws ConnectionLostError when none comes in time; the signal's reason when aborted
 */
export function takeConnection(pool: Pool, signal?: AbortSignal): Promise<Held> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) reject(abortReason(signal));
    else take(pool, signal, (error, held) => (error ? reject(error) : resolve(held)));
  });
}

/** What is to be sent, and whose going away ends it. */
export interface Work {
  readonly preludes: readonly Prelude[];
  readonly statement: Statement;
  readonly values: readonly WireValue[];
  readonly signal?: AbortSignal | undefined;
}

function run(client: PoolClient, work: Work, ended: (outcome: Outcome) => void): void {
  const { preludes, statement, values, signal } = work;
  if (!signal) {
    client.query(new Exchange(preludes, statement, values, ended));
    return;
  }
  let over = false;
  const end = (outcome: Outcome): void => {
    if (over) return;
    over = true;
    signal.removeEventListener('abort', onAbort);
    ended(outcome);
  };
  const onAbort = () => end({ error: abortReason(signal), broken: true });
  if (signal.aborted) {
    onAbort();
    return;
  }
  signal.addEventListener('abort', onAbort, { once: true });
  client.query(new Exchange(preludes, statement, values, end));
}

/**
 * Run one exchange on a connection that is ours. Always resolves.
 *
 * Aborted, it resolves at once and says that the connection is broken: its answer is still to come,
 * and nobody else may be there to receive it.
 */
export function exchange(client: PoolClient, work: Work): Promise<Outcome> {
  return new Promise((resolve) => run(client, work, resolve));
}

/** How an exchange that was to leave its connection idle has ended, seeing how it left it. */
export function judged(client: PoolClient, outcome: Outcome): Outcome {
  const open = client.getTransactionStatus() !== 'I';
  return open && !outcome.broken ? { ...outcome, broken: true } : outcome;
}

/**
 * Give a connection back; what is not as it was is closed.
 * @param outcome of the exchange that may have broken it
 */
export function giveBack({ client, release }: Held, outcome: Outcome | undefined): void {
  const usable = !outcome?.broken && isClean(client);
  release(usable ? undefined : (outcome?.error ?? new Error('Something was left on it.')));
}

/** Run one exchange on a connection that is to be left idle, and give it back. */
export function runAndGiveBack(held: Held, work: Work, ended: (outcome: Outcome) => void): void {
  run(held.client, work, (outcome) => {
    const judgement = judged(held.client, outcome);
    giveBack(held, judgement);
    ended(judgement);
  });
}

/**
 * Take a connection, run one exchange that is to leave it idle, give it back. Always resolves; an
 * outcome that is `broken` has cost the connection.
 */
export function exchangeOnPool(pool: Pool, work: Work): Promise<Outcome> {
  return new Promise((resolve) => {
    const { signal } = work;
    if (signal?.aborted) return resolve({ error: abortReason(signal), broken: false });
    take(pool, signal, (lacking, held) => {
      if (lacking) resolve({ error: lacking, broken: false });
      else runAndGiveBack(held, work, resolve);
    });
  });
}
