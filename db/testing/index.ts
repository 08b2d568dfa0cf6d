/**
 * A real PostgreSQL for tests.
 *
 * ```ts
 * const database = testDatabase();      // once per test file, at the top level
 *
 * it('…', async () => {
 *   const tenant = await database.createTenant();          // { tenantId }
 *   const owner = await database.createMember(tenant, { role: 'owner' });
 *   await withTenant(tenant, (tx) => tx.select().from(resources));
 *   await database.owner.query('select …');                // as superuser, past row security
 * });
 * ```
 *
 * `testDatabase()` copies the migrated template into a database of the file's own, points every
 * door of this process at it (and `process.env.DATABASE_*`), and drops it after the last test. One
 * server runs for the whole `vitest` run; see `global-setup.ts`.
 */
import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { Client } from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import { poolOf, resetConnections } from '../connections';
import { contextToken } from '../context-token';
import { type MembershipId, newId, type TenantId, type UserId } from '../ids';
import { secureDatabase } from '../migrate';
import type { MemberRole } from '../schema/tenancy';
import type { TenantContext } from '../tenant';
import { type ServingAccess, servingAccess, withDatabase } from '../urls';
import { databaseName, TEMPLATE, type TestServer } from './server';

export interface TestMember {
  readonly userId: UserId;
  readonly membershipId: MembershipId;
  readonly email: string;
}

/** A database of one's own with the doors pointed at it. */
export class TestDatabase {
  /** The superuser's login: sees and may do everything. */
  readonly ownerUrl: string;
  /** The serving logins, and the key that signs tenant contexts. */
  readonly urls: ServingAccess;
  /** A connection as the superuser, to arrange and to look past row security. */
  readonly owner: Client;
  readonly #server: TestServer;
  readonly #name: string;

  private constructor(server: TestServer, name: string) {
    this.#server = server;
    this.#name = name;
    this.ownerUrl = withDatabase(server.url, name);
    this.urls = servingAccess(this.ownerUrl, server.secrets);
    this.owner = new Client(this.ownerUrl);
  }

  static async create(server: TestServer): Promise<TestDatabase> {
    const database = new TestDatabase(server, databaseName());
    await onServer(server, (client) =>
      client.query(`create database ${database.#name} template ${TEMPLATE} owner tenantry_owner`),
    );
    await database.owner.connect();
    await secureDatabase(database.owner);
    await resetConnections(database.urls);
    process.env.DATABASE_URL = database.ownerUrl;
    const { contextKey, ...logins } = database.urls;
    process.env.TENANT_CONTEXT_KEY = contextKey;
    for (const [role, url] of Object.entries(logins)) {
      process.env[`DATABASE_${role.toUpperCase()}_URL`] = url;
    }
    return database;
  }

  /** Close the doors and drop the database. */
  async close(): Promise<void> {
    await resetConnections();
    await this.owner.end();
    await onServer(this.#server, (client) =>
      client.query(`drop database ${this.#name} with (force)`),
    );
  }

  /**
   * What EXPLAIN says of a query as `tenantry_app` in this tenant's context; no door would send it.
   * With `analyze` it runs, and what it changes is undone.
   * @returns a line of the plan to an entry, or with `format json` one object
   */
  async explain<Line = string>(
    { tenantId }: TenantContext,
    query: SQL,
    options: string,
  ): Promise<Line[]> {
    const { sql: text, params } = new PgDialect().sqlToQuery(query);
    const client = await poolOf('app').connect();
    try {
      await client.query('begin');
      const token = contextToken(this.urls.contextKey, tenantId);
      await client.query('select public.use_tenant($1)', [token]);
      const { rows } = await client.query(`explain (${options}) ${text}`, params);
      return rows.map((row) => row['QUERY PLAN']);
    } finally {
      await client.query('rollback');
      client.release();
    }
  }

  /** A new, active organisation. */
  async createTenant(name = 'Acme'): Promise<TenantContext> {
    const tenantId = newId<TenantId>();
    await this.owner.query('insert into tenants (id, name) values ($1, $2)', [tenantId, name]);
    return { tenantId };
  }

  /** A new person who is a member of `tenant`; without a password, so signing in is not possible. */
  async createMember(
    { tenantId }: TenantContext,
    { role = 'owner' as MemberRole, email = `${newId()}@example.com` } = {},
  ): Promise<TestMember> {
    const userId = newId<UserId>();
    const membershipId = newId<MembershipId>();
    await this.owner.query('insert into users (id, email, name) values ($1, $2, $3)', [
      userId,
      email,
      'Ada Example',
    ]);
    await this.owner.query(
      'insert into memberships (tenant_id, id, user_id, role) values ($1, $2, $3, $4)',
      [tenantId, membershipId, userId, role],
    );
    return { userId, membershipId, email };
  }
}

/**
 * Do something in a transaction and undo it. Roles belong to the cluster: where another file has just
 * changed the same one, it is done over.
 */
export async function undone<T>(client: Client, work: () => Promise<T>): Promise<T> {
  for (;;) {
    await client.query('begin');
    try {
      return await work();
    } catch (error) {
      if (!/tuple concurrently (updated|deleted)/.test(String(error))) throw error;
    } finally {
      await client.query('rollback');
    }
  }
}

async function onServer<T>(server: TestServer, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(server.url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A new database now; close it yourself. Most tests want `testDatabase`. */
export function createTestDatabase(): Promise<TestDatabase> {
  return TestDatabase.create(inject('testServer'));
}

/** A database for this test file: made before its first test, dropped after its last. */
export function testDatabase(): TestDatabase {
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database?.close());
  return new Proxy({} as TestDatabase, {
    get(_target, property) {
      if (!database) throw new Error('The test database is there from beforeAll on.');
      const value: unknown = Reflect.get(database, property, database);
      return typeof value === 'function' ? value.bind(database) : value;
    },
  });
}
