import { Client } from 'pg';
import { localDatabaseUrls } from '@/db/local';
import type { TestServer } from './server';

/** Ask the database of a running product past all its doors, as its owner. */
export async function sql<Row>(
  server: TestServer,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const client = new Client(localDatabaseUrls(server.dataDir)?.owner);
  await client.connect();
  try {
    return (await client.query(text, [...values])).rows as readonly Row[];
  } finally {
    await client.end();
  }
}
