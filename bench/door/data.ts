import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { ResourceId, TenantId } from '@/db';
import { startLocalDatabase } from '@/db/local';
import type { PreparedDatabase } from '@/db/migrate';

/** A row that is there, to be asked for. */
export interface Target {
  readonly tenantId: TenantId;
  readonly id: ResourceId;
}

export interface DoorData {
  readonly urls: PreparedDatabase;
  readonly targets: readonly Target[];
  stop(): Promise<void>;
}

/** Tenants, and rows each; `BENCH_TENANTS` and `BENCH_ROWS` change them. */
const tenants = Number(process.env.BENCH_TENANTS ?? 2000);
const rows = Number(process.env.BENCH_ROWS ?? 100);
const TARGETS = 5000;

async function fill(client: Client): Promise<void> {
  await client.query(
    `insert into tenants (id, name) select gen_random_uuid(), 'Tenant ' || n from generate_series(1, $1) n`,
    [tenants],
  );
  await client.query(
    `insert into connections (tenant_id, id, provider, state, scopes, created_by)
     select id, gen_random_uuid(), 'google', 'active', '{}', gen_random_uuid() from tenants`,
  );
  await client.query(
    `insert into resources (tenant_id, id, connection_id, kind, provider_id, name, last_seen_in)
     select c.tenant_id, gen_random_uuid(), c.id, 'file', 'provider-' || n, 'Report ' || n || '.pdf',
            gen_random_uuid()
       from connections c cross join generate_series(1, $1) n`,
    [rows],
  );
  await client.query('vacuum analyze');
}

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

/** A server of its own with fsync on, `tenants` × `rows` resources, and rows to ask for. */
export async function createDoorData(): Promise<DoorData> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tenantry-bench-'));
  chmodSync(dataDir, 0o755);
  const { server, urls } = await startLocalDatabase({
    dataDir,
    settings: {
      listen_addresses: '127.0.0.1',
      port: String(await freePort()),
      shared_buffers: '512MB',
      max_connections: '300',
    },
  });
  const client = new Client(urls.owner);
  await client.connect();
  await fill(client);
  const { rows: targets } = await client.query<Target>(
    `select tenant_id as "tenantId", id from resources order by random() limit ${TARGETS}`,
  );
  await client.end();
  return {
    urls: overTcp(urls),
    targets,
    async stop() {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
