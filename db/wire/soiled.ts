import type { PoolClient } from 'pg';

/**
 * Connections on which a setting was changed for longer than a transaction. On the connection itself:
 * a bundler copies this module, and the copies share connections.
 */
const key = Symbol.for('tenantry.soiled');
type Marked = PoolClient & { [key]?: true };

/** What `pg` does not tell in its types: the protocol's messages of a connection. */
interface Talking {
  readonly connection: { on(event: 'parameterStatus', listener: () => void): void };
}

/**
 * Notice when the server says that a setting has changed. It does so for those that matter to both
 * sides, such as the encoding and the search path, and sends all of them once before this.
 */
export function watchSettings(client: PoolClient): void {
  (client as unknown as Talking).connection.on('parameterStatus', () => {
    (client as Marked)[key] = true;
  });
}

/** Whether the next request may have this connection: outside a transaction, and as it was made. */
export function isClean(client: PoolClient): boolean {
  return client.getTransactionStatus() === 'I' && (client as Marked)[key] === undefined;
}
