import { describe, expect, it } from 'vitest';
import { type CatalogueCheck, inspectCatalogue, inspectWith } from '@/db/catalogue';
import { testDatabase } from '@/db/testing';

const database = testDatabase();

const found = (checks: readonly CatalogueCheck[]) =>
  checks.flatMap(({ check, findings }) => findings.map(({ what }) => `${check}: ${what}`));

/** Break something, look, and undo it: nobody else ever sees it broken, not even its roles. */
async function whenBroken(breaking: string): Promise<CatalogueCheck[]> {
  await database.owner.query('begin');
  try {
    await database.owner.query(breaking);
    return await inspectWith(database.owner);
  } finally {
    await database.owner.query('rollback');
  }
}

describe('inspectCatalogue', () => {
  it('finds nothing in a database that was prepared, and looks at something in each check', async () => {
    const checks = await inspectCatalogue(database.ownerUrl);
    expect(found(checks)).toEqual([]);
    const mayBeNone = new Set(['partitions', 'sequences', 'views', 'definer-functions']);
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
    ['grants', 'PUBLIC SELECT', 'grant select on users to public'],
    ['grants', 'Declared and not granted', 'revoke select on connections from tenantry_app'],
    ['schemas', 'CREATE on schema public', 'grant create on schema public to public'],
    ['sequences', 'counter', 'create sequence counter; grant select on counter to tenantry_app'],
    ['views', 'everybody', 'create view everybody as select * from connections'],
    ['views', 'Materialized', 'create materialized view copies as select * from connections'],
    [
      'definer-functions',
      'escalate',
      "create function escalate() returns int language sql security definer as 'select 1'",
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
