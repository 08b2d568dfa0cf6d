import { Client } from 'pg';
import type { ResourceId, TenantId } from '@/db';
import type { PreparedDatabase } from '@/db/migrate';
import { quickToFill, startDatabaseOverTcp } from '../database';
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
  const database = await startDatabaseOverTcp({
    ...{ shared_buffers: '2GB', max_wal_size: '8GB', max_connections: '300' },
    ...quickToFill,
  });
  const { urls } = database;
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
      await database.stop();
    },
  };
}
