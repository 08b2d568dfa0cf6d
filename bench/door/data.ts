import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { ResourceId, TenantId } from '@/db';
import { startLocalDatabase } from '@/db/local';
import type { PreparedDatabase } from '@/db/migrate';
import { fillDatabase } from './fill';
import type { Sizes } from './sizes';

/** A row that is there, to be asked for. */
export interface Target {
  readonly tenantId: TenantId;
  readonly id: ResourceId;
}

export interface DoorData {
  readonly urls: PreparedDatabase;
  /** A connection as the superuser. */
  readonly owner: Client;
  /** Rows of tenants with enough of them for a page. */
  readonly targets: readonly Target[];
  /** The tenant that has more than all others. */
  readonly large: TenantId;
  stop(): Promise<void>;
}

const TARGETS = 5_000;

/** A port that nobody has. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The same logins over TCP, as a production database is reached. */
function overTcp({ contextKey, ...logins }: PreparedDatabase): PreparedDatabase {
  const entries = Object.entries(logins).map(([role, text]) => {
    const url = new URL(text);
    url.searchParams.delete('host');
    url.hostname = '127.0.0.1';
    return [role, url.href];
  });
  return { ...Object.fromEntries(entries), contextKey } as PreparedDatabase;
}

/** A server of its own with fsync on, filled, and rows to ask for. */
export async function createDoorData(sizes: Sizes): Promise<DoorData> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tenantry-bench-'));
  chmodSync(dataDir, 0o755);
  const { server, urls } = await startLocalDatabase({
    dataDir,
    settings: {
      listen_addresses: '127.0.0.1',
      port: String(await freePort()),
      shared_buffers: '2GB',
      max_connections: '300',
      // So that filling it is quick, and nothing else goes on while times are taken.
      wal_level: 'minimal',
      max_wal_senders: '0',
      max_wal_size: '8GB',
      autovacuum: 'off',
    },
  });
  const owner = new Client(urls.owner);
  await owner.connect();
  await fillDatabase(owner, sizes);
  const { rows: targets } = await owner.query<Target>(
    `select tenant_id as "tenantId", id from resources tablesample system (5)
      order by random() limit ${TARGETS}`,
  );
  const { rows: largest } = await owner.query<{ tenant: TenantId }>(
    'select tenant_id as tenant from resources group by 1 order by count(*) desc limit 1',
  );
  return {
    urls: overTcp(urls),
    owner,
    targets,
    large: largest[0]?.tenant as TenantId,
    async stop() {
      await owner.end();
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
