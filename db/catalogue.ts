import { Client, type ClientBase, type ClientConfig } from 'pg';
import { roles } from './catalogue/access';
import { actingRoles, searchRights } from './catalogue/acting';
import { serverVersion, views } from './catalogue/code';
import { constraints, foreignKeyIndexes } from './catalogue/constraints';
import { declaredTablesOnly, indexes } from './catalogue/declared';
import { type CatalogueCheck, type Inspection, unseen } from './catalogue/finding';
import { functions } from './catalogue/functions';
import { grants, schemas, sequences } from './catalogue/grants';
import { jobColumns } from './catalogue/jobs';
import { serverLog } from './catalogue/log';
import { channels, extensions, open, triggers } from './catalogue/objects';
import { members, strongLogins } from './catalogue/outsiders';
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
  /** Milliseconds that the whole look may take. */
  readonly limit?: number;
}

/** Every look at the catalogue, by the name of its check. */
const inspectionsOf = (production: boolean): Readonly<Record<string, Inspection>> => ({
  'row-security': rowSecurity(),
  policies: policies(),
  'leading-index': leadingIndex(),
  'unique-keys': uniqueKeys(),
  'foreign-keys': foreignKeys(),
  partitions: partitions(),
  declared: declaredTablesOnly(),
  indexes: indexes(),
  constraints: constraints(),
  'foreign-key-indexes': foreignKeyIndexes(),
  owners: owners(),
  owner: actingRoles(),
  members: members(),
  logins: strongLogins(),
  'search-rights': searchRights(),
  roles: roles(),
  'role-settings': roleDefaults(),
  parameters: parameterRights(),
  grants: grants(),
  database: database(),
  schemas: schemas(),
  sequences: sequences(),
  'default-privileges': defaultPrivileges(),
  views: views(),
  'definer-functions': functions(),
  triggers: triggers(),
  extensions: extensions(),
  open: open(),
  channels: channels(),
  'job-columns': jobColumns(),
  'server-log': serverLog(),
  'server-version': serverVersion(production),
});

/** A look that fails takes nothing with it of what the others found, and is itself a finding. */
async function lookOnce(
  client: ClientBase,
  check: string,
  inspect: Inspection,
): Promise<CatalogueCheck> {
  try {
    await client.query('savepoint look');
    const seen = await inspect(client);
    await client.query('release savepoint look');
    return seen;
  } catch (error) {
    await client.query('rollback to savepoint look; release savepoint look').catch(() => undefined);
    return { check, looked: 0, findings: [unseen(check, error)] };
  }
}

/** The same over a connection that is there, in the transaction that it is in. */
export async function inspectWith(
  client: ClientBase,
  { production = false }: InspectOptions = {},
): Promise<CatalogueCheck[]> {
  const checks: CatalogueCheck[] = [];
  for (const [check, inspect] of Object.entries(inspectionsOf(production))) {
    checks.push(await lookOnce(client, check, inspect));
  }
  return checks;
}

/** Milliseconds; a look takes a tenth of a second. It ends before whoever waits for it gives up. */
const LIMIT = 15_000;

/** What comes of `work`, unless it takes longer than so many milliseconds. */
async function within<T>(limit: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limit / 1_000} s`)), limit);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Milliseconds that saying goodbye may take; a server that hangs does not answer it. */
const GOODBYE = 1_000;

/**
 * Look over connections of one's own, which are gone afterwards, whatever happens.
 * @param limit milliseconds after which the connections are cut and what waits for them fails
 */
async function withClients<T>(
  config: ClientConfig,
  count: number,
  limit: number,
  use: (clients: readonly Client[]) => Promise<T>,
): Promise<T> {
  const options = {
    ...config,
    application_name: 'tenantry-doctor',
    connectionTimeoutMillis: limit,
  };
  const clients = Array.from({ length: count }, () => new Client(options));
  const look = async () => {
    // A connection that is cut fails the statement under way; it must not end the process.
    for (const client of clients) client.on('error', () => undefined);
    await Promise.all(clients.map((client) => client.connect()));
    return use(clients);
  };
  try {
    return await within(limit, look());
  } finally {
    const gone = Promise.all(clients.map((client) => client.end()));
    await within(GOODBYE, gone).catch(() => undefined);
  }
}

const oneLook = (config: ClientConfig, { limit = LIMIT, ...options }: InspectOptions) =>
  withClients(config, 1, limit, async ([client]) => {
    if (!client) return [];
    await client.query(
      `begin isolation level repeatable read read only; set local statement_timeout = ${Math.ceil(limit / 3)}`,
    );
    return inspectWith(client, options);
  });

const attempts = (config: ClientConfig, key: string, limit = LIMIT) =>
  withClients(config, 2, limit, async ([one, other]) =>
    one && other ? probe(one, other, key) : [],
  );

/**
 * Look at a live database for whatever would let a tenant's rows out: the doors' assumptions, asked
 * of the catalogue rather than of our code. What cannot be looked at is a finding of its own.
 *
 * @param ownerUrl a login that sees the whole catalogue; nothing is changed
 * @throws Error of the driver when the database cannot be reached
 */
export function inspectCatalogue(
  ownerUrl: string,
  options: InspectOptions = {},
): Promise<CatalogueCheck[]> {
  return oneLook({ connectionString: ownerUrl }, options);
}

/**
 * Try, as the login that serves tenants, what must not work. Nothing is left behind.
 * @param access the login `app` and the key that signs tenant contexts
 * @throws Error of the driver when the database cannot be reached
 */
export function probeDoors(access: {
  readonly app: string;
  readonly contextKey: string;
}): Promise<CatalogueCheck[]> {
  return attempts({ connectionString: access.app }, access.contextKey);
}

/**
 * The same looks from a process that serves: the catalogue as `tenantry_platform` sees it, which is
 * all of it that is asked for, and the attempts as `tenantry_app`. The connections are not those that
 * people's requests use, so that neither waits for the other. What cannot be looked at is a finding.
 */
export async function inspectServing(options: InspectOptions = {}): Promise<CatalogueCheck[]> {
  const login = (role: 'app' | 'platform'): ClientConfig => ({
    connectionString: poolOf(role).options.connectionString,
  });
  const looks = [
    ['catalogue', async () => oneLook(login('platform'), options)],
    ['attempts', async () => attempts(login('app'), contextKey(), options.limit)],
  ] as const;
  const seen = await Promise.allSettled(looks.map(([, look]) => look()));
  return seen.flatMap((outcome, at): CatalogueCheck[] => {
    if (outcome.status === 'fulfilled') return outcome.value;
    const [check = ''] = looks[at] ?? [];
    return [{ check, looked: 0, findings: [unseen(`The ${check}`, outcome.reason)] }];
  });
}
