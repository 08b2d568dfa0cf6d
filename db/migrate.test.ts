import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { inspectCatalogue } from '@/db/catalogue';
import { prepareDatabase } from '@/db/migrate';
import { startTestServer } from '@/db/testing/server';
import { withDatabase, withLogin } from './urls';

const server = () => inject('testServer');

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** A name for a database of the shared server, dropped when the test is over. */
function fresh(): string {
  const database = `migrate_${randomBytes(6).toString('hex')}`;
  onTestFinished(async () => {
    await query(server().url, `drop database if exists ${database} with (force)`);
  });
  return database;
}

const prepare = (database: string, migrations?: string) =>
  prepareDatabase({
    ownerUrl: server().url,
    secrets: server().secrets,
    database,
    ...(migrations !== undefined && { migrations }),
  });

async function findings(url: string): Promise<string[]> {
  // A limit for servers that do not answer; a busy machine may.
  const checks = await inspectCatalogue(url, { limit: 90_000 });
  return checks.flatMap((check) => check.findings.map(({ what }) => what));
}

/** A copy of the migrations that a test may change. */
function migrationsCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(fileURLToPath(new URL('../drizzle', import.meta.url)), folder, { recursive: true });
  return folder;
}

interface Journal {
  entries: { idx: number; when: number; tag: string; version: string; breakpoints: boolean }[];
}

/** Add a migration that comes after all others. */
function addMigration(folder: string, text: string): void {
  const path = join(folder, 'meta', '_journal.json');
  const journal = JSON.parse(readFileSync(path, 'utf8')) as Journal;
  const idx = journal.entries.length;
  const when = (journal.entries.at(-1)?.when ?? 0) + 1;
  journal.entries.push({ idx, when, tag: '9999_later', version: '7', breakpoints: true });
  writeFileSync(path, JSON.stringify(journal));
  writeFileSync(join(folder, '9999_later.sql'), text);
}

describe('prepareDatabase', () => {
  it('makes a database that serves, with a login for each role', async () => {
    const urls = await prepare(fresh());
    expect(await findings(urls.owner)).toEqual([]);
    for (const role of ['app', 'identity', 'platform', 'engine'] as const) {
      expect(await query(urls[role], 'select current_user as name')).toEqual([
        { name: `tenantry_${role}` },
      ]);
    }
  });

  it('can be repeated, and then changes nothing', async () => {
    const database = fresh();
    const { owner } = await prepare(database);
    const privileges = 'select relname, relacl::text from pg_class order by relname, oid';
    const before = await query(owner, privileges);
    await prepare(database);
    expect(await query(owner, privileges)).toEqual(before);
  });

  it('can be done by several starts at once', async () => {
    const database = fresh();
    const all = await Promise.all([prepare(database), prepare(database), prepare(database)]);
    expect(await findings(all[0].owner)).toEqual([]);
  });

  it('puts grants and row security right that somebody changed', async () => {
    const database = fresh();
    const { owner } = await prepare(database);
    await query(owner, 'grant truncate on runs to tenantry_app');
    await query(owner, 'grant select (sealed) on credentials to tenantry_platform');
    await query(owner, 'revoke insert on runs from tenantry_app');
    await query(owner, 'grant select on users to public');
    await query(owner, 'alter table connections no force row level security');
    expect(await findings(owner)).toHaveLength(5);
    await prepare(database);
    expect(await findings(owner)).toEqual([]);
  });

  it.each([
    ['current_tenant()', 'stable'],
    ['use_tenant(text)', 'volatile'],
  ])('writes %s anew, whatever somebody made of it', async (signature, volatility) => {
    const database = fresh();
    const { owner } = await prepare(database);
    const is = () =>
      query(owner, `select pg_get_functiondef('${signature}'::regprocedure) as definition`);
    const before = await is();
    for (const change of [
      volatility === 'stable' ? 'immutable' : 'stable',
      'security invoker',
      'parallel safe',
      'leakproof',
      'strict',
      'set row_security = off',
    ]) {
      await query(owner, `alter function ${signature} ${change}`);
      expect(await is(), change).not.toEqual(before);
      await prepare(database);
      expect(await is(), change).toEqual(before);
    }
    expect(await findings(owner)).toEqual([]);
  });

  it('lets nobody in but our own roles', async () => {
    const { owner } = await prepare(fresh());
    const [row] = await query(
      owner,
      `select has_database_privilege('public', current_database(), 'connect') as connects,
              has_database_privilege('tenantry_app', current_database(), 'temporary') as temporary,
              has_schema_privilege('tenantry_app', 'public', 'create') as creates`,
    );
    expect(row).toEqual({ connects: false, temporary: false, creates: false });
  });

  it('ends statements of the serving roles that take too long', async () => {
    const urls = await prepare(fresh());
    expect(await query(urls.app, 'show statement_timeout')).toEqual([{ statement_timeout: '30s' }]);
    expect(await query(urls.app, 'show search_path')).toEqual([{ search_path: 'public, pg_temp' }]);
  });

  it('makes functions of migrations callable only by whom they are granted to', async () => {
    const folder = migrationsCopy();
    addMigration(folder, "create function answer() returns int language sql as 'select 42';");
    const urls = await prepare(fresh(), folder);
    await expect(query(urls.app, 'select answer()')).rejects.toThrow(/permission denied/);
  });
});

describe('a clear refusal', () => {
  it('of a database that a newer version has migrated, with nothing changed', async () => {
    const database = fresh();
    const folder = migrationsCopy();
    addMigration(folder, 'create table from_the_future (id uuid primary key);');
    const { owner } = await prepare(database, folder);
    await expect(prepare(database)).rejects.toMatchObject({ fault: 'newer_schema' });
    expect(await query(owner, "select to_regclass('from_the_future')::text as name")).toEqual([
      { name: 'from_the_future' },
    ]);
  });

  it('of a migration that was edited after it had been applied', async () => {
    const database = fresh();
    await prepare(database);
    const folder = migrationsCopy();
    const { entries } = JSON.parse(
      readFileSync(join(folder, 'meta', '_journal.json'), 'utf8'),
    ) as Journal;
    const file = join(folder, `${entries[0]?.tag}.sql`);
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n-- edited`);
    await expect(prepare(database, folder)).rejects.toMatchObject({ fault: 'changed_migration' });
  });

  it('of a failing migration, undoing what it had begun', async () => {
    const database = fresh();
    const { owner } = await prepare(database);
    const folder = migrationsCopy();
    addMigration(
      folder,
      'create table half (id uuid primary key);\n--> statement-breakpoint\nselect 1 / 0;',
    );
    await expect(prepare(database, folder)).rejects.toThrow();
    expect(await query(owner, "select to_regclass('half') as name")).toEqual([{ name: null }]);
    await prepare(database);
  });
});

describe('a login that will not do', () => {
  it('is named when it is refused, without its password', async () => {
    const ownerUrl = withLogin(server().url, 'stranger', 'a-secret');
    const error = await prepareDatabase({ ownerUrl, secrets: server().secrets }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({
      fault: 'unreachable',
      message: expect.stringContaining('stranger'),
    });
    expect(String(error)).not.toContain('a-secret');
  });

  it('is told what it lacks', async () => {
    // Roles belong to the cluster, where other files count them: a server of its own.
    const own = await startTestServer();
    onTestFinished(() => own.stop());
    await query(own.url, "create role weak login password 'weak'");
    const ownerUrl = withLogin(own.url, 'weak', 'weak');
    await expect(prepareDatabase({ ownerUrl, secrets: own.secrets })).rejects.toMatchObject({
      fault: 'missing_right',
      message: expect.stringContaining('weak'),
    });
  });
});

describe('on a server of somebody else', () => {
  it('works for an owner who is no superuser, and makes a powerful serving role safe or says so', async () => {
    // Roles belong to the cluster: a server of its own.
    const own = await startTestServer();
    onTestFinished(() => own.stop());
    for (const role of ['app', 'identity', 'platform', 'engine']) {
      await query(own.url, `drop owned by tenantry_${role}`);
    }
    await query(own.url, 'alter database tenantry_template is_template false');
    await query(own.url, 'drop database tenantry_template');
    for (const role of ['app', 'identity', 'platform', 'engine']) {
      await query(own.url, `drop owned by tenantry_${role}`);
      await query(own.url, `drop role tenantry_${role}`);
    }
    for (const role of ['search', 'eraser']) {
      await query(own.url, `drop owned by tenantry_${role}`);
      await query(own.url, `drop role tenantry_${role}`);
    }
    await query(own.url, 'drop role tenantry_owner');
    await query(own.url, "create role dba login createrole password 'dba'");
    await query(own.url, 'create database shop owner dba');

    const ownerUrl = withDatabase(withLogin(own.url, 'dba', 'dba'), 'shop');
    const urls = await prepareDatabase({ ownerUrl, secrets: own.secrets });
    await prepareDatabase({ ownerUrl, secrets: own.secrets });
    expect(await findings(withDatabase(own.url, 'shop'))).toEqual([]);
    // Whoever looks: that login is lawfully a member of the owner's role, and another is not.
    expect(await findings(ownerUrl)).toEqual([]);
    expect(await findings(urls.platform)).toEqual([]);
    await query(own.url, 'create role intern login; grant tenantry_owner to intern');
    for (const url of [ownerUrl, urls.platform]) {
      expect(await findings(url)).toEqual([
        'intern may act as tenantry_eraser, through tenantry_owner.',
        'intern may act as tenantry_owner.',
        'intern may act as tenantry_search, through tenantry_owner.',
      ]);
    }
    await query(own.url, 'drop role intern');
    expect(await query(urls.app, 'select count(*)::int as n from runs')).toEqual([{ n: 0 }]);

    await query(urls.app, 'alter role tenantry_app set search_path = pg_temp, public');
    await query(own.url, "alter role tenantry_app set app.tenant = 'x'");
    await query(own.url, 'alter role tenantry_app in database shop set search_path = pg_temp');
    expect(await findings(withDatabase(own.url, 'shop'))).toHaveLength(4);
    await prepareDatabase({ ownerUrl: withDatabase(own.url, 'shop'), secrets: own.secrets });
    expect(await findings(withDatabase(own.url, 'shop'))).toEqual([]);

    await query(own.url, 'alter role tenantry_app bypassrls');
    await expect(prepareDatabase({ ownerUrl, secrets: own.secrets })).rejects.toMatchObject({
      fault: 'unsafe_role',
      message: expect.stringContaining('NOBYPASSRLS'),
    });
    // A superuser may put it right, and does.
    await prepareDatabase({
      ownerUrl: withDatabase(own.url, 'shop'),
      secrets: own.secrets,
    });
    expect(await findings(withDatabase(own.url, 'shop'))).toEqual([]);
  });
});
