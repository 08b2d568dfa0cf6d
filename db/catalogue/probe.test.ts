import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { type CatalogueCheck, inspectCatalogue, inspectServing, probeDoors } from '@/db/catalogue';
import { createTestDatabase, type TestDatabase, testDatabase } from '@/db/testing';
import { startPooler } from '@/db/testing/pooler';

const database = testDatabase();

const found = (checks: readonly CatalogueCheck[]) =>
  checks.flatMap(({ findings }) => findings.map(({ what }) => what));

/** What the attempts find in a database of their own that is broken for good. */
async function whenBroken(breaking: (broken: TestDatabase) => Promise<unknown>): Promise<string> {
  const broken = await createTestDatabase();
  try {
    await breaking(broken);
    return found(await probeDoors(broken.urls)).join('\n');
  } finally {
    await broken.close();
  }
}

const context = (body: string) => (broken: TestDatabase) =>
  broken.owner.query(
    `create or replace function current_tenant() returns uuid language sql stable as $$ ${body} $$`,
  );

describe('what must not work for the login that serves tenants', () => {
  it('is refused in a database that was prepared', async () => {
    const checks = await probeDoors(database.urls);
    expect(found(checks)).toEqual([]);
    expect(checks.map(({ looked }) => looked)).toEqual([8, 8, 8]);
  });

  it.each<[string, (broken: TestDatabase) => Promise<unknown>]>([
    [
      'whose tenant was exchanged is not refused',
      context("select substr(current_setting('app.tenant', true), 9, 36)::uuid"),
    ],
    ['Without a tenant context', context("select '00000000-0000-7000-8000-000000000000'::uuid")],
    ['signed is not taken', context('select null::uuid')],
    ['no longer read', context("select nullif(current_setting('app.tenant_id', true), '')::uuid")],
    [
      'has a tenant before',
      ({ owner }) =>
        owner.query(
          `do $$ begin execute format('alter database %I set app.tenant = x', current_database()); end $$`,
        ),
    ],
    [
      'see the keys',
      ({ owner }) =>
        owner.query(
          'grant usage on schema private to tenantry_app; grant select on private.context_keys to tenantry_app',
        ),
    ],
    [
      'ask for a key',
      ({ owner }) =>
        owner.query(
          'grant usage on schema private to tenantry_app; grant execute on function private.context_key(text) to tenantry_app',
        ),
    ],
    [
      'switch row security off',
      ({ owner }) => owner.query('alter table tenants disable row level security'),
    ],
    [
      'disable a table’s row security',
      ({ owner }) => owner.query('alter table tenants owner to tenantry_app'),
    ],
    ['make a table', ({ owner }) => owner.query('grant create on schema public to tenantry_app')],
    [
      'make a temporary table',
      ({ owner }) =>
        owner.query(
          `do $$ begin execute format('grant temp on database %I to tenantry_app', current_database()); end $$`,
        ),
    ],
    ['empty a table', ({ owner }) => owner.query('grant truncate on tenant_keys to tenantry_app')],
  ])('is noticed: %s', async (what, breaking) => {
    expect(await whenBroken(breaking)).toContain(what);
  });
});

describe('behind a transaction pooler', () => {
  it('what must not work does not, and a setting of a session that bleeds is noticed', async () => {
    const own = await createTestDatabase();
    const pooler = await startPooler(own.urls.app, 2);
    try {
      const access = { app: pooler.url, contextKey: own.urls.contextKey };
      expect(found(await probeDoors(access))).toEqual([]);
      expect(pooler.switches()).toBeGreaterThan(0);
      await pooler.onEachBackend("set app.tenant = 'left behind'");
      expect(found(await probeDoors(access)).join()).toContain('has a tenant before');
    } finally {
      await pooler.close();
      await own.close();
    }
  });
});

describe('inspectServing', () => {
  it('sees from the process that serves what the owner sees, and tries the rest', async () => {
    // The breaking of others points the doors of this process elsewhere.
    const own = await createTestDatabase();
    const serving = await inspectServing();
    const owner = [...(await inspectCatalogue(own.ownerUrl)), ...(await probeDoors(own.urls))];
    expect(serving).toEqual(owner);
    expect(found(serving)).toEqual([]);
    await own.close();
  });

  it.each([
    'alter table runs no force row level security',
    'create policy all_of_it on credentials using (true)',
    'drop index runs_list',
    'grant usage on schema private to tenantry_app',
    'alter function current_tenant() set search_path = public',
    'alter default privileges for role tenantry_owner grant select on tables to tenantry_app',
  ])('and finds what the owner finds: %s', async (breaking) => {
    const own = await createTestDatabase();
    const client = new Client(own.ownerUrl);
    await client.connect();
    await client.query(breaking);
    await client.end();
    const serving = found(await inspectServing());
    expect(serving).toEqual(
      found([...(await inspectCatalogue(own.ownerUrl)), ...(await probeDoors(own.urls))]),
    );
    expect(serving.length).toBeGreaterThan(0);
    await own.close();
  });
});
