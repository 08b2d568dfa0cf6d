import type { ClientBase } from 'pg';

/**
 * Looks in a row that find a statement without an answer. The kernel asks a silent server whether it
 * is there only where all that was sent to it has arrived; what was not it sends again, on Linux for a
 * quarter of an hour. The server itself ends each statement after a minute at most (db/migration/roles.ts);
 * several that travel together, or a COMMIT that waits for a standby, may take longer, and are given up
 * with it open what has become of them.
 */
export const LOOKS = 6;
/** Milliseconds between two looks. */
export const BETWEEN_LOOKS = 15_000;

/** What `pg` does not tell in its types. */
interface Talking {
  readonly readyForQuery: boolean;
  readonly connection: {
    readonly stream: {
      readonly bytesRead: number;
      readonly bytesWritten: number;
      destroy(error: Error): void;
    };
  };
}

interface Seen {
  readonly read: number;
  readonly written: number;
  readonly looks: number;
}

/** On the connection itself: a bundler copies this module, and the copies share connections. */
const key = Symbol.for('tenantry.unbounded');
type Marked = ClientBase & { [key]?: true };

/** Let statements of this connection take as long as they do, from now on. */
export function neverGiveUp(client: ClientBase): void {
  (client as Marked)[key] = true;
}

/** Follows connections, and ends those whose server has gone while a statement was under way. */
export class Silence {
  readonly #seen = new Map<ClientBase, Seen>();

  follow(client: ClientBase): void {
    this.#seen.set(client, { read: 0, written: 0, looks: 0 });
  }

  forget(client: ClientBase): void {
    this.#seen.delete(client);
  }

  /**
   * Looks are counted, not time: a process that was held up finds what has come only after its timers.
   */
  look(): void {
    for (const [client, last] of this.#seen) {
      const { readyForQuery, connection } = client as unknown as Talking;
      const { bytesRead: read, bytesWritten: written } = connection.stream;
      const moved = read !== last.read || written !== last.written;
      const waits = !readyForQuery && !moved && (client as Marked)[key] === undefined;
      const looks = waits ? last.looks + 1 : 0;
      this.#seen.set(client, { read, written, looks });
      if (looks >= LOOKS) connection.stream.destroy(new Error('The database does not answer.'));
    }
  }
}
