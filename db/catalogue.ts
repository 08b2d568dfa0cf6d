import { Client } from 'pg';
import './schema';
import { grants, roles, schemas, sequences } from './catalogue/access';
import { definerFunctions, serverVersion, views } from './catalogue/code';
import type { CatalogueCheck } from './catalogue/finding';
import {
  foreignKeys,
  leadingIndex,
  owners,
  partitions,
  policies,
  rowSecurity,
  uniqueKeys,
} from './catalogue/tables';

export type { CatalogueCheck, Finding } from './catalogue/finding';

export interface InspectOptions {
  /** Also expect the minor release that has all fixes to row security. */
  readonly production?: boolean;
}

/** The same over a connection that is there, in its transaction. */
export async function inspectWith(
  client: Client,
  { production = false }: InspectOptions = {},
): Promise<CatalogueCheck[]> {
  const inspections = [
    ...[rowSecurity(), policies(), leadingIndex(), uniqueKeys(), foreignKeys(), partitions()],
    ...[owners(), roles(), grants(), schemas(), sequences(), views(), definerFunctions()],
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
