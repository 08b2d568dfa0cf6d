import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startLocalDatabase } from '../local';
import { type ServingSecrets, secretsOf } from '../migrate';

/** The database that each test's own is copied from. */
export const TEMPLATE = 'tenantry_template';

/** What a test process needs to make its databases; plain data, since it crosses processes. */
export interface TestServer {
  /** The superuser's login. */
  readonly url: string;
  readonly secrets: ServingSecrets;
}

/** Speed over safety: the data of a test is thrown away. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_wal_size: '4GB',
  max_connections: '300',
};

/**
 * Start a server in a directory of its own, with a migrated template database.
 * @param log receives what the server logs, line by line
 */
export async function startTestServer(
  log: (line: string) => void = () => {},
): Promise<TestServer & { stop(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tenantry-test-'));
  // As root the server runs as another user, who has to get through.
  chmodSync(dataDir, 0o755);
  const { server, urls } = await startLocalDatabase({
    dataDir,
    settings,
    log,
    database: TEMPLATE,
  });
  const client = new Client(server.url);
  await client.connect();
  await client.query(`alter database ${TEMPLATE} is_template true allow_connections false`);
  await client.end();
  return {
    url: server.url,
    secrets: secretsOf(urls),
    async stop() {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A name that no other test database has. */
export function databaseName(): string {
  return `test_${randomBytes(6).toString('hex')}`;
}
