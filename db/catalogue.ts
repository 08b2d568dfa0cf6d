import { Client, type ClientBase } from 'pg';

import { grants, roles, schemas, sequences } from './catalogue/access';
import { actingRoles, searchRights } from './catalogue/acting';
import { serverVersion, views } from './catalogue/code';
import { constraints, declaredTablesOnly, foreignKeyIndexes, indexes } from './catalogue/declared';
import type { CatalogueCheck } from './catalogue/finding';
import { functions } from './catalogue/functions';
import { jobColumns } from './catalogue/jobs';
import { channels, extensions, open, triggers } from './catalogue/objects';
import { policies } from './catalogue/policies';
import { probe } from './catalogue/probe';
import { database, defaultPrivileges, parameterRights, roleDefaults } from './catalogue/rights';
import {
  foreignKeys,
  leadingIndex,
  owners,
  partitions,
  rowSecurity,
  uniqueKeys,
} from './catalogue/tables';
import { contextKey, poolOf } from './connections';

export type { CatalogueCheck, Finding } from './catalogue/finding';

export interface InspectOptions {
  /** Also expect the minor release that has all fixes to row security. */
  readonly production?: boolean;
}

/** The same over a connection that is there, in its transaction. */
export async function inspectWith(
  client: ClientBase,
  { production = false }: InspectOptions = {},
): Promise<CatalogueCheck[]> {
  const inspections = [
    ...[rowSecurity(), policies(), leadingIndex(), uniqueKeys(), foreignKeys(), partitions()],
    ...[declaredTablesOnly(), indexes(), constraints(), foreignKeyIndexes()],
    ...[owners(), actingRoles(), searchRights(), roles(), roleDefaults(), parameterRights()],
    ...[grants(), database(), schemas(), sequences(), defaultPrivileges()],
    ...[views(), functions(), triggers(), extensions(), open(), channels()],
    jobColumns(),
    serverVersion(production),
  ];
  const checks: CatalogueCheck[] = [];
  for (const inspect of inspections) checks.push(await inspect(client));
  return checks;
}

/**
 * Look at a live database for whatever would let a tenant's rows out: the doors' assumptions, asked
 * of the catalogue rather than of our code.
 *
 * @param ownerUrl a login that sees the whole catalogue; nothing is changed
 * @throws Error of the driver when the database cannot be reached
 */
export async function inspectCatalogue(
  ownerUrl: string,
  options?: InspectOptions,
): Promise<CatalogueCheck[]> {
  const client = new Client({ connectionString: ownerUrl, application_name: 'tenantry-doctor' });
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    return await inspectWith(client, options);
  } finally {
    await client.end();
  }
}

/**
 * Try, as the login that serves tenants, what must not work. Nothing is left behind.
 * @param access the login `app` and the key that signs tenant contexts
 * @throws Error of the driver when the database cannot be reached
 */
export async function probeDoors(access: {
  readonly app: string;
  readonly contextKey: string;
}): Promise<CatalogueCheck[]> {
  const options = { connectionString: access.app, application_name: 'tenantry-doctor' };
  const clients = [new Client(options), new Client(options)] as const;
  try {
    await Promise.all(clients.map((client) => client.connect()));
    return await probe(...clients, access.contextKey);
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

/**
 * The same looks from a process that serves: the catalogue as `tenantry_platform` sees it, which is
 * all of it that is asked for, and the attempts as `tenantry_app`.
 * @throws Error of the driver when the database cannot be reached
 */
export async function inspectServing(options?: InspectOptions): Promise<CatalogueCheck[]> {
  const app = poolOf('app');
  const [platform, one, other] = await Promise.all([
    poolOf('platform').connect(),
    app.connect(),
    app.connect(),
  ]);
  try {
    const catalogue = async () => {
      await platform.query('begin isolation level repeatable read read only');
      try {
        return await inspectWith(platform, options);
      } finally {
        await platform.query('rollback');
      }
    };
    const [seen, tried] = await Promise.all([catalogue(), probe(one, other, contextKey())]);
    return [...seen, ...tried];
  } finally {
    for (const client of [platform, one, other]) client.release();
  }
}
