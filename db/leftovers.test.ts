import { beforeAll, describe, expect, it } from 'vitest';
import { sql, type TenantContext, tenantDb, withTenant } from '@/db';
import { poolOf, resetConnections } from '@/db/connections';
import { connections } from '@/db/schema';
import { testDatabase } from '@/db/testing';

/** What one tenant's request could leave on a connection for the next tenant's. */

const database = testDatabase();
const pool = () => poolOf('app');

let mine: TenantContext;
let theirs: TenantContext;

beforeAll(async () => {
  mine = await database.createTenant();
  theirs = await database.createTenant();
});

const settings = `select name, setting, source from pg_settings
   where source = 'session' and name not like 'lc_%' order by name`;

/** The server's process behind the connection that is used next, with what is set on it. */
async function nextConnection(): Promise<{ pid: number; set: unknown[] }> {
  const client = await pool().connect();
  try {
    const { rows } = await client.query('select pg_backend_pid() as pid');
    return { pid: rows[0].pid, set: (await client.query(settings)).rows };
  } finally {
    client.release();
  }
}

const each = [
  ['client_encoding', 'LATIN1'],
  ['search_path', 'pg_catalog'],
  ['row_security', 'off'],
  ['statement_timeout', '1'],
  ['default_transaction_read_only', 'on'],
  ['debug_print_plan', 'on'],
  ['app.tenant', 'x'],
] as const;

describe('a setting made by SQL in a statement', () => {
  it.each(each)('reaches nobody else: %s', async (name, value) => {
    const before = await nextConnection();
    const setting = sql`select set_config(${name}, ${value}, false)`;
    await expect(tenantDb(mine).execute(setting)).rejects.toMatchObject({ code: '42501' });
    const updating = sql`update pg_settings set setting = ${value} where name = ${name}`;
    await tenantDb(mine)
      .execute(updating)
      .catch((error) => expect(error).toMatchObject({ code: '42501' }));
    expect(await nextConnection()).toEqual(before);
    await tenantDb(theirs).select().from(connections);
  });
});

describe('where PostgreSQL lets everybody set settings, as on a server that is managed', () => {
  beforeAll(async () => {
    await database.owner.query(
      'grant execute on function pg_catalog.set_config(text, text, boolean) to public',
    );
  });

  const setting = sql`select set_config('client_encoding', 'LATIN1', false)`;

  it.each([
    ['a single statement', () => tenantDb(mine).execute(setting)],
    ['a transaction', () => withTenant(mine, (tx) => tx.execute(setting))],
    [
      'a transaction that is undone',
      () => withTenant(mine, (tx) => tx.execute(setting).then(() => Promise.reject(Error('x')))),
    ],
  ])('the next request gets another connection after %s', async (_how, work) => {
    await resetConnections(database.urls);
    const before = await nextConnection();
    await Promise.resolve(work()).catch(() => {});
    const after = await nextConnection();
    expect(after.pid).not.toBe(before.pid);
    expect(after.set).toEqual([]);
  });

  it('a connection on which nothing was set is used again', async () => {
    await resetConnections(database.urls);
    const before = await nextConnection();
    await tenantDb(mine).select().from(connections);
    await withTenant(mine, (tx) => tx.select().from(connections));
    expect((await nextConnection()).pid).toBe(before.pid);
  });
});
