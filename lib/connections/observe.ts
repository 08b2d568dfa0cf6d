/** Told of every method of a client as it ends. */
export interface Observer {
  succeeded(): Promise<void>;
  /** Gives the error to throw in its place. */
  failed(error: unknown): Promise<unknown>;
}

type Method = (...parameters: unknown[]) => unknown;

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** What a method gave at once: another client, not an outcome. */
function isClient(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !('then' in value);
}

async function* watchEach(source: AsyncIterable<unknown>, observer: Observer) {
  try {
    for await (const item of source) {
      await observer.succeeded();
      yield item;
    }
  } catch (error) {
    throw await observer.failed(error);
  }
}

async function watchOne(result: unknown, observer: Observer): Promise<unknown> {
  let value: unknown;
  try {
    value = await result;
  } catch (error) {
    throw await observer.failed(error);
  }
  await observer.succeeded();
  return value;
}

/**
 * The same object, each of whose methods (at any depth; promises and async generators) reports how
 * it ended. A client that one of them gives at once (`person`) is observed in its turn.
 */
export function observe<Client extends object>(client: Client, observer: Observer): Client {
  return new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value === 'function') {
        return (...parameters: unknown[]) => {
          const result = (value as Method).apply(target, parameters);
          if (isAsyncIterable(result)) return watchEach(result, observer);
          if (!isClient(result)) return watchOne(result, observer);
          return observe(result, observer);
        };
      }
      return typeof value === 'object' && value !== null ? observe(value, observer) : value;
    },
  });
}
