import { AsyncResource } from 'node:async_hooks';
import type { Pool, PoolClient, QueryResult } from 'pg';
import { encodeParameters, type WireValue } from '../wire/parameters';
import type { Asker } from './asker';
import { observe } from './observer';

type Callback = (error: Error | null, result?: QueryResult) => void;
type Query = (...args: unknown[]) => unknown;

const engine: Asker = { role: 'engine', tenantId: undefined };

/** How long whoever holds a connection has waited for it. */
const waited = new WeakMap<PoolClient, number>();

/** The statement among the arguments of `query`; undefined for what brings its own protocol. */
function statementOf([first, second]: readonly unknown[]) {
  if (typeof first === 'string') {
    return { text: first, values: Array.isArray(second) ? second : [] };
  }
  const { text, values, submit } = (first ?? {}) as {
    readonly text?: unknown;
    readonly values?: unknown[];
    readonly submit?: unknown;
  };
  if (typeof text !== 'string' || submit !== undefined) return undefined;
  return { text, values: values ?? (Array.isArray(second) ? second : []) };
}

/** What the driver itself refuses has no place in a journey, and is not ours to throw about. */
function encoded(values: readonly unknown[]): readonly WireValue[] {
  try {
    return encodeParameters(values);
  } catch {
    return [];
  }
}

function observed(client: PoolClient, query: Query): Query {
  return (...args) => {
    const statement = statementOf(args);
    if (!statement) return query(...args);
    const startedAt = performance.now();
    const waitedMs = waited.get(client) ?? 0;
    waited.delete(client);
    const note = (result: QueryResult | undefined) =>
      observe(engine, statement.text, encoded(statement.values), {
        ms: performance.now() - startedAt,
        waitedMs,
        rows: result?.rowCount ?? 0,
        failed: result === undefined,
      });
    const last = args.at(-1);
    if (typeof last === 'function') {
      const callback = AsyncResource.bind((error: Error | null, result?: QueryResult) => {
        note(error ? undefined : result);
        (last as Callback)(error, result);
      });
      return query(...args.slice(0, -1), callback);
    }
    return (query(...args) as Promise<QueryResult>).then(
      (result) => {
        note(result);
        return result;
      },
      (error: unknown) => {
        note(undefined);
        throw error;
      },
    );
  };
}

/**
 * Observe a pool whose users speak to `pg` itself: the engine's. The doors observe their own
 * statements.
 */
export function observePool(pool: Pool): void {
  pool.on('connect', (client) => {
    client.query = observed(client, client.query.bind(client) as Query) as typeof client.query;
  });
  const connect = pool.connect.bind(pool) as (taken: PoolCallback) => void;
  const timed = (taken: PoolCallback): void => {
    const askedAt = performance.now();
    connect((error, client, release) => {
      if (client) waited.set(client, performance.now() - askedAt);
      taken(error, client, release);
    });
  };
  pool.connect = ((taken?: PoolCallback) =>
    taken
      ? timed(taken)
      : new Promise((resolve, reject) => {
          timed((error, client) => (client ? resolve(client) : reject(error)));
        })) as typeof pool.connect;
}

type PoolCallback = (
  error: Error | undefined,
  client: PoolClient | undefined,
  release: (error?: Error | boolean) => void,
) => void;
