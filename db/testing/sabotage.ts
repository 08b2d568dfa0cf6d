import { Client } from 'pg';
import { inspectWith } from '../catalogue';
import { secureDatabase } from '../migrate';
import { withDatabase } from '../urls';
import { databaseName, TEMPLATE } from './server';

/** Statements that take a defence of the database away, and what they are called. */
export interface Sabotage {
  readonly name: string;
  readonly statements: string;
}

/**
 * Take a defence away for good.
 * @param url the superuser's, of a database of one's own
 * @throws Error of the driver
 */
export async function sabotage(url: string, statements: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  try {
    await client.query(statements);
  } finally {
    await client.end();
  }
}

/**
 * Which of the doctor's looks at the catalogue notice it when a defence is taken away. Each is taken
 * in a transaction that is rolled back, roles included.
 * @param url the superuser's, of a server of one's own
 * @returns the names of the checks that found something, by the sabotage's name
 * @throws Error of the driver when statements cannot be run any more
 */
export async function noticedByDoctor(
  url: string,
  sabotages: readonly Sabotage[],
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
    for (const sabotage of sabotages) {
      await client.query('begin');
      await client.query(sabotage.statements);
      const checks = await inspectWith(client);
      await client.query('rollback');
      const found = checks.filter(({ findings }) => findings.length > 0);
      noticed.set(
        sabotage.name,
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
