import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { prepareDatabase, type ServingAccess, type ServingSecrets } from '@/db/migrate';
import { actingRoleNames, ownerRole, servingRoles } from '@/db/schema/roles';
import { startTestServer, TEMPLATE } from '@/db/testing/server';
import { servingAccess, withDatabase } from '@/db/urls';

/** A PostgreSQL in which the suite makes its database. */
export interface Server {
  /** The superuser's login. */
  readonly url: string;
  /** Make a migrated database; what to serve from it with. */
  make(database: string): Promise<ServingAccess>;
  /** Lines that it has logged so far, where they can be had. */
  log(): string;
  stop(): Promise<void>;
}

async function onServer<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

/** A server of one's own, in a directory that is removed. */
export async function ownServer(): Promise<Server> {
  const lines: string[] = [];
  const server = await startTestServer((line) => lines.push(line));
  return {
    url: server.url,
    async make(database) {
      const text = `create database ${database} template ${TEMPLATE} owner ${ownerRole}`;
      await onServer(server.url, text);
      return servingAccess(withDatabase(server.url, database), server.secrets);
    },
    log: () => lines.join('\n'),
    stop: server.stop,
  };
}

const roles = [...Object.values(servingRoles), ...actingRoleNames, ownerRole];

/**
 * A server that is there and has no Tenantry yet; it is left as it was.
 * @throws Error when it has, or the login is no superuser's
 */
export async function externalServer(url: string): Promise<Server> {
  const [found] = await onServer<{ super: boolean; taken: number }>(
    url,
    `select rolsuper as super,
            (select count(*)::int from pg_roles where rolname in ('${roles.join("', '")}')) as taken
       from pg_roles where rolname = current_user`,
  );
  if (!found?.super)
    throw new Error('The suite needs a superuser’s login to make its database with.');
  if (found.taken > 0) {
    throw new Error(
      'This server has Tenantry’s roles already: the suite would change their passwords. Give it a server of its own, or look at the database that is there with --database.',
    );
  }
  const random = () => randomBytes(24).toString('base64url');
  const secrets: ServingSecrets = {
    app: random(),
    identity: random(),
    platform: random(),
    engine: random(),
    contextKey: random(),
  };
  const made: string[] = [];
  return {
    url,
    async make(database) {
      const access = await prepareDatabase({ ownerUrl: url, secrets, database });
      made.push(database);
      return access;
    },
    log: () => '',
    async stop() {
      for (const database of made) await onServer(url, `drop database ${database} with (force)`);
      await onServer(url, `drop role ${roles.join(', ')}`);
    },
  };
}
