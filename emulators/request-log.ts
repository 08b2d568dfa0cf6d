/** One request as a test wants to see it: no tokens, no bodies, no query. */
export interface LoggedRequest {
  /** ISO 8601 */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly account: string | null;
  /** 0 when the connection was cut. */
  readonly status: number;
  /** Milliseconds. */
  readonly duration: number;
  /** Whether a fault spoilt it. */
  readonly faulted: boolean;
}

export type RequestFilter = { readonly [key in 'method' | 'path' | 'account']?: string | null };

const capacity = 20_000;

/** The newest requests, oldest first. */
export class RequestLog {
  #entries: LoggedRequest[] = [];

  add(entry: LoggedRequest): void {
    this.#entries.push(entry);
    if (this.#entries.length > capacity) this.#entries.splice(0, capacity / 10);
  }

  /** Requests with this method, account and beginning of the path. */
  list({ method, path, account }: RequestFilter = {}): readonly LoggedRequest[] {
    return this.#entries.filter(
      (entry) =>
        (!method || entry.method === method) &&
        (!account || entry.account === account) &&
        (!path || entry.path.startsWith(path)),
    );
  }

  clear(): void {
    this.#entries = [];
  }
}
