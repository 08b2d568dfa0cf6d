import { describe, expect, it } from 'vitest';
import { inspectWith } from '@/db/catalogue';
import { testDatabase, undone } from '@/db/testing';
import { versionFinding } from './code';

const database = testDatabase();

const findings = async () => (await inspectWith(database.owner)).flatMap((check) => check.findings);

describe('what a finding says to do', () => {
  it.each([
    'drop policy tenant_isolation on connections',
    'alter policy tenant_isolation on connections using (true)',
    'alter policy tenant_isolation on users using (true)',
    'drop policy search_access on resources',
    'create policy wide_open on connections using (true)',
    'grant truncate on runs to tenantry_app',
    'grant select (sealed) on credentials to tenantry_platform',
    'revoke select on connections from tenantry_app',
    'grant usage on schema private to tenantry_app',
    'create view everybody as select * from connections',
    'alter table memberships owner to postgres',
    'alter role tenantry_app bypassrls',
    'grant update (sort_name) on resources to tenantry_search',
    'alter function current_tenant() set row_security = off',
    'alter function current_tenant() immutable',
    'revoke execute on function current_tenant() from tenantry_app',
    'grant set on parameter session_replication_role to tenantry_app',
    'alter default privileges for role tenantry_owner grant select on tables to tenantry_app',
  ])('puts it right: %s', async (breaking) => {
    await undone(database.owner, async () => {
      await database.owner.query(breaking);
      const fixes = (await findings()).map(({ fix }) => fix);
      expect(fixes.length).toBeGreaterThan(0);
      for (const fix of fixes) await database.owner.query(fix);
      expect(await findings()).toEqual([]);
    });
  });
});

describe('versionFinding', () => {
  it.each([
    [140_012, false, 'Use PostgreSQL 15'],
    [150_019, true, 'Update to 15.20.'],
    [170_011, true, 'Update to 17.12.'],
    [180_005, true, 'Update to 18.6.'],
    [180_006, true, undefined],
    [190_000, true, undefined],
    [180_004, false, undefined],
  ])('thinks of release %i, in production %s: %s', (number, production, fix) => {
    const finding = versionFinding(number, production);
    if (fix === undefined) expect(finding).toBeUndefined();
    else expect(finding?.fix).toContain(fix);
  });
});
