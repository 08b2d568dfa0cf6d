import { Client } from 'pg';
import { inspectWith } from '@/db/catalogue';
import { secureDatabase } from '@/db/migrate';
import { databaseName, TEMPLATE } from '@/db/testing/server';
import { withDatabase } from '@/db/urls';
import type { SqlMutant } from './mutant';

/**
 * Which of the doctor's looks at the catalogue notice a mutant of the database as well. Each is made
 * in a transaction that is rolled back, roles included.
 * @param url the superuser's, of a server of one's own
 * @returns the names of the checks that found something, by the mutant's name
 */
export async function noticedByDoctor(
  url: string,
  mutants: readonly SqlMutant[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const name = databaseName();
  const server = new Client(url);
  await server.connect();
  await server.query(`create database ${name} template ${TEMPLATE} owner tenantry_owner`);
  const client = new Client(withDatabase(url, name));
  await client.connect();
  const noticed = new Map<string, readonly string[]>();
  try {
    await secureDatabase(client);
    for (const mutant of mutants) {
      await client.query('begin');
      await client.query(mutant.statements);
      const checks = await inspectWith(client);
      await client.query('rollback');
      const found = checks.filter(({ findings }) => findings.length > 0);
      noticed.set(
        mutant.name,
        found.map(({ check }) => check),
      );
    }
  } finally {
    await client.end();
    await server.query(`drop database ${name} with (force)`);
    await server.end();
  }
  return noticed;
}
