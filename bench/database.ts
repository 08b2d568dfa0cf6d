import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalDatabase } from '@/db/local';
import type { PreparedDatabase } from '@/db/migrate';

type Settings = Readonly<Record<string, string>>;

export interface BenchDatabase {
  /** As its superuser. */
  readonly url: string;
  readonly urls: PreparedDatabase;
  readonly dataDir: string;
  /** Stops it, and takes its data away. */
  stop(): Promise<void>;
}

/**
 * A database server of a benchmark's own, migrated and empty.
 * @param settings of PostgreSQL, beside the embedded server's
 */
export async function startDatabase(settings: Settings = {}): Promise<BenchDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tenantry-bench-'));
  chmodSync(dataDir, 0o755);
  const { server, urls } = await startLocalDatabase({ dataDir, settings });
  return {
    ...{ url: server.url, urls, dataDir },
    async stop() {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The same, reached over TCP as a production database is, and left alone by its own upkeep. */
export async function startDatabaseOverTcp(settings: Settings): Promise<BenchDatabase> {
  const port = String(await freePort());
  return startDatabase({ listen_addresses: '127.0.0.1', port, autovacuum: 'off', ...settings });
}

/** So that filling a server is quick, and nothing else goes on while times are taken. */
export const quickToFill = { wal_level: 'minimal', max_wal_senders: '0' } as const;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
