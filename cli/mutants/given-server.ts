import type { TestProject } from 'vitest/node';
import type { TestServer } from '@/db/testing/server';

/** The variable that holds the server, as JSON. */
export const serverVariable = 'MUTANTS_TEST_SERVER';

/** The variable that holds the file of a mutant of the database: the isolation suite's own. */
export const sabotageVariable = 'ISOLATION_SABOTAGE';

/** One PostgreSQL for all mutants, started by the command: a new one for each would take longest. */
export default function setup(project: TestProject): void {
  const server = JSON.parse(process.env[serverVariable] ?? 'null') as TestServer | null;
  if (!server) throw new Error(`${serverVariable} is not set.`);
  project.provide('testServer', server);
}
