import { openToEverybody } from '@/db/migration/hardening';
import { grantedColumns } from './support/expected';
import { tenantTables } from './support/fill';
import { attack, expect, test, walked } from './support/fixtures';
import { Tally } from './support/judge';
import { servingRoleKeys } from './support/roles';

test(
  'no role becomes another one',
  attack({
    class: 'sql: SET ROLE',
    tried:
      "SET ROLE, SET SESSION AUTHORIZATION and set_config('role') to every role there is, as each role that serves; and a read of every table right after.",
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const { rows } = await place.owner.query<{ name: string }>(
      'select rolname as name from pg_roles order by 1',
    );
    for (const role of servingRoleKeys) {
      const actor = await place.login(role);
      for (const { name } of rows.filter(({ name: other }) => other !== `tenantry_${role}`)) {
        for (const text of [
          `set role "${name}"`,
          `set session authorization "${name}"`,
          `select set_config('role', '${name}', false)`,
          `select set_config('session_authorization', '${name}', false)`,
        ]) {
          tally.refused(`${text} as ${role}`, await actor.ask(undefined, text));
        }
      }
      await actor.run('reset role; reset session authorization');
      const { rows: who } = await actor.run('select current_user as name');
      tally.holds(`${role} is ${who[0]?.name}`, who[0]?.name === `tenantry_${role}`);
    }
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);

test(
  'row_security = off is an error, not a way out',
  attack({
    class: 'sql: row_security = off',
    tried:
      'row_security was switched off by SET, by set_config() and at login, and every tenant table read, with and without a context.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const app = await place.login('app');
    for (const off of [
      'set local row_security = off',
      "select set_config('row_security', 'off', true)",
    ]) {
      for (const relation of tenantTables(place.catalogue)) {
        const columns = grantedColumns(relation, 'app', 'select');
        if (columns.length === 0) continue;
        for (const token of [undefined, place.tokens.attacker]) {
          const answer = await app.work(token, async (run) => {
            const switched = await run(off);
            // Where set_config is closed, it is refused already.
            if (switched.code) return switched;
            return run(
              `select ${columns.map((name) => `"${name}"`).join(', ')} from ${relation.sql}`,
            );
          });
          tally.refused(`${relation.id} after ${off}`, answer);
        }
      }
    }
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);

test(
  'names mean what we mean by them',
  attack({
    class: 'sql: search_path shadowing',
    tried:
      'Temporary tables, functions and operators under names of ours were to be made, and the search path turned, as each role that serves; then the tenant was asked for and every tenant table read.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    for (const role of servingRoleKeys) {
      const actor = await place.login(role);
      for (const text of [
        'create temporary table memberships (tenant_id uuid, user_id uuid)',
        'create temporary view connections as select 1',
        'create table pg_temp.connections (a int)',
        "create function pg_temp.current_tenant() returns uuid language sql as 'select null::uuid'",
        'create operator pg_temp.= (leftarg = uuid, rightarg = uuid, function = uuid_ne)',
      ]) {
        tally.refused(`${text} as ${role}`, await actor.ask(undefined, text));
      }
    }
    const app = await place.login('app');
    for (const path of [
      'pg_temp, public, pg_catalog',
      'public, pg_catalog',
      '"$user", pg_temp',
      "''",
    ]) {
      for (const relation of tenantTables(place.catalogue)) {
        const columns = grantedColumns(relation, 'app', 'select');
        if (columns.length === 0) continue;
        const answer = await app.work(place.tokens.attacker, async (run) => {
          await run(`set local search_path = ${path}`);
          return run(
            `select ${columns.map((name) => `"${name}"`).join(', ')} from ${relation.sql}`,
          );
        });
        tally.silent(`${relation.id} under ${path}`, answer);
        tally.holds(
          `${relation.id} under ${path}: ${answer.code}`,
          answer.code === undefined && answer.count > 0,
        );
      }
    }
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);

test(
  'a plan made for one tenant, or one role, serves no other',
  attack({
    class: 'sql: role-change plans',
    tried:
      'For every tenant table a statement was prepared and run as the victim, until PostgreSQL keeps its plan, and as the superuser; then run by the attacker and without a context on the same connection.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const app = await place.login('app');
    for (const relation of tenantTables(place.catalogue)) {
      const columns = grantedColumns(relation, 'app', 'select');
      if (columns.length === 0) continue;
      const select = `select ${columns.map((name) => `"${name}"`).join(', ')} from ${relation.sql}`;
      await app.run(`set plan_cache_mode = force_generic_plan; prepare kept as ${select}`);
      for (let at = 0; at < 6; at += 1) await app.ask(place.tokens.victim, 'execute kept');
      const after = await app.ask(place.tokens.attacker, 'execute kept');
      tally.silent(`${relation.id}, prepared by another tenant`, after);
      tally.holds(`${relation.id} is empty for its tenant`, after.count > 0);
      const none = await app.ask(undefined, 'execute kept');
      tally.holds(`${relation.id} without a context: ${none.count}`, none.count === 0);
      await app.run('deallocate kept; reset plan_cache_mode');

      await place.owner.query(`begin; prepare kept as ${select}; execute kept`);
      await place.owner.query('set local role tenantry_app');
      const changed = await place.owner.query('execute kept');
      await place.owner.query('rollback; deallocate kept');
      tally.silent(`${relation.id}, prepared by the superuser`, {
        said: JSON.stringify(changed.rows),
      });
    }
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);

test(
  'the key that signs contexts does not come out',
  attack({
    class: 'sql: the signing key of tenant contexts',
    tried:
      'As each role that serves: the key’s table and function, the text of current_tenant(), plans printed by every debug setting while contexts good and bad were checked, and the errors’ own context were searched for the key.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    // Printed plans have constants as lists of bytes, broken into lines anywhere.
    const forms = [place.key, [...Buffer.from(place.key)].join('')];
    const has = (said: string) => {
      const dense = said.replaceAll(/\\n|\s/g, '');
      return forms.some((form) => dense.includes(form));
    };
    const prints = [
      'debug_print_parse',
      'debug_print_rewritten',
      'debug_print_plan',
      'debug_pretty_print',
    ];
    for (const role of servingRoleKeys) {
      const actor = await place.login(role);
      for (const text of [
        'select * from private.context_keys',
        "select private.context_key('x')",
        'select private.hmac(null::text, null, null)',
      ]) {
        tally.refused(`${text} as ${role}`, await actor.ask(undefined, text));
      }
      for (const token of [place.tokens.attacker, `${place.tokens.attacker}x`]) {
        const said = await actor.work(token, async (run) => {
          await run(
            `set local client_min_messages = debug5; ${prints.map((name) => `set local ${name} = on`).join('; ')}`,
          );
          const checked = await run('select current_tenant()');
          return checked.said;
        });
        tally.holds(`${role} gets the key by printed plans`, !has(said));
      }
      const texts = await actor.ask(
        undefined,
        "select pg_get_functiondef(oid), prosrc from pg_proc where proname in ('current_tenant', 'context_key')",
      );
      tally.holds(`${role} reads the key in a function`, !has(texts.said));
      const explained = await actor.ask(
        place.tokens.attacker,
        'explain (verbose, generic_plan) select current_tenant()',
      );
      tally.holds(`${role} reads the key in a plan`, !has(explained.said));
    }
    tally.holds('the server logged the key', !has(place.log()));
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);

test(
  'what PostgreSQL opens to every login is closed',
  attack({
    class: 'sql: rights that everybody has',
    tried:
      'Large objects, SQL out of expressions, the sight of others’ statements, ending their work, their locks and DO blocks were looked up for PUBLIC and tried by each role that serves.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    for (const { kind, name } of await openToEverybody(place.owner)) {
      tally.holds(`${kind} ${name} is open to everybody`, false);
    }
    for (const role of servingRoleKeys) {
      const actor = await place.login(role);
      for (const text of [
        "do $$ begin execute 'select 1'; end $$",
        "select query_to_xml('select 1', true, false, '')",
        "select table_to_xml('connections', true, false, '')",
        "select * from ts_stat('select to_tsvector(''a'')')",
        'select pg_terminate_backend(pg_backend_pid())',
        'select pg_cancel_backend(pg_backend_pid())',
        'select * from pg_stat_activity',
        'select pg_stat_get_backend_activity(1)',
        'select pg_stat_get_activity(null)',
        ...(role === 'engine'
          ? []
          : ['select pg_advisory_lock(1)', 'select pg_try_advisory_xact_lock(1, 2)']),
      ]) {
        tally.refused(`${text} as ${role}`, await actor.ask(undefined, text));
      }
    }
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);
