import { attack, expect, test, walked } from './support/fixtures';
import { Tally } from './support/judge';
import { servingRoleKeys } from './support/roles';

test(
  'a role that changes itself opens nothing, and the next start puts it back',
  attack({
    class: 'sql: ALTER ROLE … SET by the role on itself',
    tried:
      'Each role that serves was to give itself attributes, a default tenant, another role and libraries to load.',
    told: 'PostgreSQL lets every login change its own password and its own defaults. It gains no rows: a tenant is set by a signed token in each transaction. The doctor names such a change, and a start takes it back.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    for (const role of servingRoleKeys) {
      const actor = await place.login(role);
      const name = `tenantry_${role}`;
      for (const text of [
        `alter role ${name} superuser`,
        `alter role ${name} bypassrls`,
        `alter role ${name} createrole`,
        `alter role ${name} set "app.tenant" = 'x'`,
        `alter role ${name} set session_preload_libraries = 'auto_explain'`,
        `alter role ${name} set log_statement = 'all'`,
        `alter role tenantry_owner set row_security = off`,
        'alter role tenantry_owner login',
        `grant tenantry_owner to ${name}`,
        `grant pg_read_all_data to ${name}`,
        `alter database ${place.name} set row_security = off`,
      ]) {
        tally.refused(`${text} as ${role}`, await actor.ask(undefined, text));
      }
    }
    const app = await place.login('app');
    for (const text of [
      "alter role tenantry_app set plan_cache_mode = 'force_generic_plan'",
      "alter role tenantry_app set search_path = 'pg_catalog'",
    ]) {
      tally.holds(`${text}, which PostgreSQL allows`, (await app.run(text)).code === undefined);
    }
    const later = await place.login('app');
    tally.silent(
      'a new login after it',
      await later.ask(place.tokens.attacker, 'select * from public.connections'),
    );
    tally.holds(
      'without a context',
      (await later.ask(undefined, 'select * from public.connections')).count === 0,
    );
    await place.prepare();
    const { rows } = await place.owner.query<{ settings: string }>(
      "select rolconfig::text as settings from pg_roles where rolname = 'tenantry_app'",
    );
    tally.holds(
      `a start leaves ${rows[0]?.settings}`,
      !/plan_cache_mode|search_path=pg_catalog/.test(rows[0]?.settings ?? ''),
    );
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);
