import { describe, expect, it } from 'vitest';
import { type CatalogueCheck, inspectCatalogue, inspectWith } from '@/db/catalogue';
import { testDatabase, undone } from '@/db/testing';

const database = testDatabase();

const found = (checks: readonly CatalogueCheck[]) =>
  checks.flatMap(({ check, findings }) => findings.map(({ what }) => `${check}: ${what}`));

/** Break something, look, and undo it: nobody else ever sees it broken, not even its roles. */
async function whenBroken(breaking: string): Promise<CatalogueCheck[]> {
  return undone(database.owner, async () => {
    await database.owner.query(breaking);
    return inspectWith(database.owner);
  });
}

describe('inspectCatalogue', () => {
  it('finds nothing in a database that was prepared, and looks at something in each check', async () => {
    const checks = await inspectCatalogue(database.ownerUrl);
    expect(found(checks)).toEqual([]);
    const mayBeNone = new Set(['partitions', 'views', 'triggers', 'channels', 'parameters']);
    for (const { check, looked } of checks) {
      if (!mayBeNone.has(check)) expect(looked, check).toBeGreaterThan(0);
    }
  });

  it.each([
    ['row-security', 'connections', 'alter table connections no force row level security'],
    ['row-security', 'tenants', 'alter table tenants disable row level security'],
    [
      'row-security',
      'sneaked_in',
      'create table sneaked_in (tenant_id uuid, id uuid, primary key (tenant_id, id))',
    ],
    ['policies', 'no isolation policy', 'drop policy tenant_isolation on connections'],
    ['policies', 'wide_open', 'create policy wide_open on connections using (true)'],
    [
      'policies',
      'half_open',
      'create policy half_open on connections for insert to tenantry_app with check (true)',
    ],
    [
      'leading-index',
      'provider_calls',
      'alter table provider_calls drop constraint provider_calls_pkey',
    ],
    [
      'unique-keys',
      'global_account',
      'create unique index global_account on connections (account_id)',
    ],
    [
      'foreign-keys',
      'crossing',
      `create table other (id uuid primary key, t uuid, c uuid,
         constraint crossing foreign key (t, c) references connections (tenant_id, id))`,
    ],
    ['owners', 'memberships', 'alter table memberships owner to postgres'],
    ['roles', 'owns memberships', 'alter table memberships owner to tenantry_app'],
    ['grants', 'TRUNCATE on runs', 'grant truncate on runs to tenantry_app'],
    ['grants', 'credentials.sealed', 'grant select (sealed) on credentials to tenantry_platform'],
    [
      'grants',
      'tenantry_search SELECT on audit_events',
      'grant select on audit_events to tenantry_search',
    ],
    ['grants', 'PUBLIC SELECT', 'grant select on users to public'],
    ['grants', 'Declared and not granted', 'revoke select on connections from tenantry_app'],
    ['schemas', 'CREATE on schema public', 'grant create on schema public to public'],
    ['policies', 'says: true', 'alter policy tenant_isolation on connections using (true)'],
    [
      'policies',
      'for what is written: true',
      'alter policy tenant_isolation on connections with check (true)',
    ],
    ['policies', 'tenantry_engine', 'alter policy tenant_isolation on runs to tenantry_engine'],
    [
      'policies',
      'lets tenantry_platform',
      'create policy staff on credentials to tenantry_platform using (true)',
    ],
    ['policies', 'on users', 'alter policy tenant_isolation on users using (true)'],
    ['policies', 'on tenants', 'alter policy tenant_isolation on tenants using (id is not null)'],
    [
      'policies',
      'rows of any kind can be written',
      'drop policy audit_events_size on audit_events',
    ],
    [
      'policies',
      'audit_events_size on audit_events does not say',
      'alter policy audit_events_size on audit_events to tenantry_app',
    ],
    ['declared', 'stray', 'create table stray (x int); grant select on stray to tenantry_app'],
    ['declared', 'Column stray of public.runs', 'alter table runs add column stray int'],
    ['declared', 'is not there', 'alter table runs drop column dry_run cascade'],
    ['declared', 'was declared as', 'alter table mails alter column error set not null'],
    ['declared', 'Table public.mails is not there', 'drop table mails cascade'],
    ['indexes', 'runs_list on public.runs is not there', 'drop index runs_list'],
    [
      'indexes',
      'was declared on',
      'drop index runs_list; create index runs_list on runs (created_at)',
    ],
    [
      'indexes',
      'is invalid',
      "update pg_index set indisvalid = false where indexrelid = 'runs_list'::regclass",
    ],
    [
      'constraints',
      'is not there',
      'alter table trust_reports drop constraint trust_reports_document_size',
    ],
    [
      'constraints',
      'never checked',
      "alter table runs add constraint late check (trigger <> 'never') not valid",
    ],
    ['foreign-key-indexes', '(tenant_id, connection_id)', 'drop index runs_connection'],
    ['owner', 'has SUPERUSER', 'alter role tenantry_owner superuser'],
    ['owner', 'has LOGIN', 'alter role tenantry_owner login'],
    ['owner', 'tenantry_search has BYPASSRLS', 'alter role tenantry_search bypassrls'],
    ['members', 'tenantry_app may act as', 'grant tenantry_search to tenantry_app'],
    ['search-rights', 'SELECT on credentials', 'grant select on credentials to tenantry_search'],
    [
      'search-rights',
      'UPDATE (sort_name) on resources',
      'grant update (sort_name) on resources to tenantry_search',
    ],
    ['role-settings', 'search_path=evil', 'alter role tenantry_app set search_path = evil'],
    ['role-settings', 'app.tenant=x', "alter role tenantry_app set app.tenant = 'x'"],
    [
      'role-settings',
      'without statement_timeout',
      'alter role tenantry_app reset statement_timeout',
    ],
    ['role-settings', 'work_mem', "alter role tenantry_engine set work_mem = '1GB'"],
    [
      'role-settings',
      'every login starts',
      `do $$ begin execute format('alter database %I set row_security = off', current_database()); end $$`,
    ],
    [
      'role-settings',
      'starts in the database',
      `do $$ begin execute format('alter role tenantry_app in database %I set search_path = evil', current_database()); end $$`,
    ],
    [
      'database',
      'tenantry_app has CREATE',
      `do $$ begin execute format('grant create on database %I to tenantry_app', current_database()); end $$`,
    ],
    [
      'database',
      'PUBLIC has TEMPORARY',
      `do $$ begin execute format('grant temp on database %I to public', current_database()); end $$`,
    ],
    ['schemas', 'schema private', 'grant usage on schema private to tenantry_app'],
    ['schemas', 'schema other', 'create schema other; grant usage on schema other to public'],
    [
      'default-privileges',
      'SELECT on TABLES to tenantry_app',
      'alter default privileges for role tenantry_owner grant select on tables to tenantry_app',
    ],
    [
      'default-privileges',
      'Everybody may call whatever',
      'alter default privileges for role tenantry_owner grant execute on functions to public',
    ],
    ['sequences', 'counter', 'create sequence counter; grant select on counter to tenantry_app'],
    ['views', 'everybody', 'create view everybody as select * from connections'],
    ['views', 'Materialized', 'create materialized view copies as select * from connections'],
    [
      'definer-functions',
      'escalate',
      "create function escalate() returns int language sql security definer as 'select 1'",
    ],
    ['definer-functions', 'acts as postgres', 'alter function current_tenant() owner to postgres'],
    [
      'definer-functions',
      'looks for names',
      'alter function private.context_key(text) set search_path = public',
    ],
    [
      'definer-functions',
      'runs with row_security=off',
      'alter function current_tenant() set row_security = off',
    ],
    ['definer-functions', 'keeps its first answer', 'alter function current_tenant() immutable'],
    [
      'definer-functions',
      'does not do what was declared',
      `create or replace function current_tenant() returns uuid language sql stable security definer
         set search_path = pg_catalog, pg_temp as 'select null::uuid'`,
    ],
    [
      'definer-functions',
      'current_tenant() is not there, or does not act',
      'alter function current_tenant() security invoker',
    ],
    [
      'definer-functions',
      'can be called by tenantry_app',
      'grant execute on function private.context_key(text) to tenantry_app',
    ],
    [
      'definer-functions',
      'cannot be called by tenantry_app',
      'revoke execute on function current_tenant() from tenantry_app',
    ],
    [
      'definer-functions',
      'LEAKPROOF',
      "create function peek() returns int language sql leakproof as 'select 1'",
    ],
    [
      'definer-functions',
      'Everybody may call public.open',
      "create function open() returns int language sql as 'select 1'",
    ],
    [
      'definer-functions',
      'tenantry_engine may call public.shared',
      `create function shared() returns int language sql as 'select 1';
       revoke all on function shared() from public; grant execute on function shared() to tenantry_engine`,
    ],
    [
      'parameters',
      'session_replication_role',
      'grant set on parameter session_replication_role to tenantry_app',
    ],
    ['job-columns', 'its column payload is jsonb', 'alter table jobs add column payload jsonb'],
    [
      'triggers',
      'trigger copies on runs',
      `create function copy_it() returns trigger language plpgsql as 'begin return new; end';
       create trigger copies before insert on runs for each row execute function copy_it()`,
    ],
    ['triggers', 'rule also', 'create rule also as on insert to runs do also select 1'],
    [
      'triggers',
      'event trigger watch',
      `create function watched() returns event_trigger language plpgsql as 'begin end';
       create event trigger watch on ddl_command_end execute function watched()`,
    ],
    ['extensions', 'citext', 'create extension citext'],
    [
      'open',
      'pg_terminate_backend',
      'grant execute on function pg_terminate_backend(int, bigint) to public',
    ],
    ['open', 'language plpgsql', 'grant usage on language plpgsql to public'],
    ['channels', 'Publication everything', 'create publication everything for all tables'],
    ['channels', 'Large object', 'select lo_create(0)'],
    [
      'channels',
      'Foreign server elsewhere',
      'create foreign data wrapper wrap; create server elsewhere foreign data wrapper wrap',
    ],
    [
      'partitions',
      'history_2026',
      `create table history (tenant_id uuid, id uuid, primary key (tenant_id, id))
         partition by hash (tenant_id);
       create table history_2026 partition of history for values with (modulus 1, remainder 0);
       grant select on history_2026 to tenantry_app`,
    ],
    ['roles', 'tenantry_app has BYPASSRLS', 'alter role tenantry_app bypassrls'],
    ['roles', 'tenantry_platform has SUPERUSER', 'alter role tenantry_platform superuser'],
    ['roles', 'tenantry_search has LOGIN', 'alter role tenantry_search login'],
    [
      'roles',
      'tenantry_engine is a member of tenantry_owner',
      'grant tenantry_owner to tenantry_engine',
    ],
  ])('%s: finds %s', async (check, what, breaking) => {
    const checks = await whenBroken(breaking);
    const findings = checks.find((one) => one.check === check)?.findings ?? [];
    expect(findings.map((finding) => finding.what).join('\n')).toContain(what);
    expect(findings.every(({ fix }) => fix.length > 0)).toBe(true);
  });

  it('asks for the minor release with all fixes in production only', async () => {
    const checks = await inspectCatalogue(database.ownerUrl, { production: true });
    const { number } = (
      await database.owner.query("select current_setting('server_version_num')::int as number")
    ).rows[0];
    expect(found(checks)).toEqual(
      number < 180_006
        ? [`server-version: PostgreSQL 18.${number % 10_000} lacks fixes to row security.`]
        : [],
    );
  });
});
