import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servingRoles } from '../schema/roles';
import { withDatabase, withLogin } from '../urls';
import { GivenDatabaseError, requireGiven } from './given';
import { TestDatabase } from './index';
import { startTestServer } from './server';

// Roles belong to the cluster, and other files look at who may act as which: a server of its own.
let server: Awaited<ReturnType<typeof startTestServer>>;
let database: TestDatabase;
const password = 'only-for-this-test';

const url = (user: string) => withLogin(database.ownerUrl, user, password);

const nameOf = (who: string) => `${who}_${database.owner.database?.slice(-6)}`;

beforeAll(async () => {
  server = await startTestServer();
  database = await TestDatabase.create(server);
  const roles = ['tenantry_owner', ...Object.values(servingRoles)];
  await database.owner.query(`
    create role ${nameOf('stranger')} login password '${password}';
    create role ${nameOf('manager')} login password '${password}';
    grant connect on database ${database.owner.database} to ${nameOf('stranger')}, ${nameOf('manager')};
    grant ${roles.join(', ')} to ${nameOf('manager')} with inherit false, set true`);
});
afterAll(async () => {
  for (const who of ['stranger', 'manager']) {
    await database.owner.query(`drop owned by ${nameOf(who)}; drop role ${nameOf(who)}`);
  }
  await database.close();
  await server.stop();
});

const named = (who: string) => url(nameOf(who));

describe('requireGiven', () => {
  it('says what is going to be done, to a superuser', async () => {
    await expect(requireGiven(database.ownerUrl, true)).resolves.toContain('nothing is written');
    await expect(requireGiven(database.ownerUrl, false)).resolves.toContain('rolled back');
  });

  it('makes do with a login that may act as the roles', async () => {
    await expect(requireGiven(named('manager'), false)).resolves.toContain('manager_');
  });

  it.each<[what: string, url: () => string, why: RegExp]>([
    ['a server that does not answer', () => 'postgres://a@127.0.0.1:1/b', /cannot be reached/],
    ['a wrong password', () => withLogin(database.ownerUrl, 'tenantry_app', 'wrong'), /password/],
    [
      'a database of something else',
      () => withDatabase(database.ownerUrl, 'postgres'),
      /no database of Tenantry/,
    ],
    ['a login that is nobody', () => named('stranger'), /GRANT tenantry_app TO/],
    ['a serving login', () => database.urls.app, /may not act as tenantry_owner/],
  ])('refuses %s, and says why', async (_what, given, why) => {
    const refused = requireGiven(given(), false);
    await expect(refused).rejects.toThrow(GivenDatabaseError);
    await expect(refused).rejects.toThrow(why);
  });

  it('refuses a database of another version', async () => {
    const other = await TestDatabase.create(server);
    const client = new Client(other.ownerUrl);
    await client.connect();
    await client.query(
      "insert into drizzle.__drizzle_migrations (hash, created_at) values ('x', 1)",
    );
    await client.end();
    await expect(requireGiven(other.ownerUrl, false)).rejects.toThrow(/another version/);
    await other.close();
  });
});
