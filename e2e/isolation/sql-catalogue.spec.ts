import type { ServingRole } from '@/db/schema/roles';
import type { Listener } from './support/actors';
import { type Relation, readCatalogue } from './support/catalogue';
import { mayExecute, undeclared } from './support/expected';
import { attack, expect, test, walked } from './support/fixtures';
import { Tally } from './support/judge';
import type { Place } from './support/place';
import { servingRoleKeys } from './support/roles';

/** Look at everything that can be read, as the tenants' role, and search it for the victim. */
async function sweep(place: Place, relations: readonly Relation[]): Promise<Tally> {
  const tally = new Tally(place);
  const app = await place.login('app');
  for (const { id, sql } of relations) {
    for (const token of [undefined, place.tokens.attacker]) {
      tally.silent(`select from ${id}`, await app.ask(token, `select * from ${sql}`));
    }
  }
  return tally;
}

/** Do something as the superuser that must be noticed, and look while it is there. */
async function noticed<T>(place: Place, breakage: string, look: () => Promise<T>): Promise<T> {
  await place.owner.query(breakage);
  try {
    return await look();
  } finally {
    await place.owner.query(
      'drop schema if exists strange cascade; drop table if exists public.strange cascade',
    );
    await place.owner.query(
      'drop view if exists public.peephole; drop function if exists public.peephole()',
    );
  }
}

test(
  'nothing that can be read gives another tenant’s rows',
  attack({
    class: 'sql: a view or SECURITY DEFINER function owned by a superuser',
    tried:
      'Every table, view, materialized view, foreign table and sequence of every schema was read whole by the tenants’ role; every function that takes no argument was called.',
  }),
  async ({ place }) => {
    const tally = await sweep(place, place.catalogue.relations);
    const app = await place.login('app');
    for (const { signature, argumentTypes, name, schema } of place.catalogue.routines) {
      if (argumentTypes.length > 0) continue;
      tally.silent(
        signature,
        await app.ask(place.tokens.attacker, `select "${schema}"."${name}"()`),
      );
    }
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);

test('a view of the superuser’s, made by hand, does not pass unnoticed', async ({ place }) => {
  const breakage =
    'create view public.peephole as select * from connections; grant select on public.peephole to tenantry_app';
  const tally = await noticed(place, breakage, async () =>
    sweep(place, (await readCatalogue(place.owner)).relations),
  );
  expect(tally.faults.join()).toContain('public.peephole');
});

test('a function of the superuser’s, made by hand, does not pass unnoticed', async ({ place }) => {
  const breakage = `create function public.peephole() returns setof connections language sql
    security definer as 'select * from public.connections'; grant execute on function public.peephole() to public`;
  const found = await noticed(place, breakage, async () => {
    const { relations, routines } = await readCatalogue(place.owner);
    return undeclared(relations, routines);
  });
  expect(found.join()).toContain("{ signature: 'public.peephole()'");
});

test(
  'functions can be called by whom they are declared for, and by nobody else',
  attack({
    class: 'sql: a view or SECURITY DEFINER function owned by a superuser',
    tried:
      'Every function of every schema was looked up for every role that serves: who may call it is who was declared, and its owner is no superuser.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    for (const routine of place.catalogue.routines) {
      for (const role of servingRoleKeys) {
        const { rows } = await place.owner.query<{ may: boolean; super: boolean }>(
          `select has_function_privilege($1, p.oid, 'execute') and has_schema_privilege($1, p.pronamespace, 'usage') as may,
                  o.rolsuper as super
             from pg_proc p join pg_roles o on o.oid = p.proowner
            where p.oid = to_regprocedure($2)`,
          [`tenantry_${role}`, routine.signature],
        );
        const [row] = rows;
        tally.holds(`${routine.signature} for ${role}`, row?.may === mayExecute(routine, role));
        if (!routine.definer) continue;
        tally.holds(`${routine.signature} belongs to a superuser`, row?.super === false);
      }
    }
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);

test(
  'no partition can be reached past its parent',
  attack({
    class: 'sql: a partition child with its own grant',
    tried:
      'Every partition and heir was looked for and read by itself; one made by hand with a grant of its own was noticed.',
  }),
  async ({ place }) => {
    const partitions = place.catalogue.relations.filter(({ isPartition }) => isPartition);
    const tally = await sweep(place, partitions);
    expect(tally.faults).toEqual([]);
    const { text, tenantId } = place.victim.mark;
    const breakage = `create table public.strange (tenant_id uuid, note text) partition by list (tenant_id);
      create table public.strange_child partition of public.strange for values in ('${tenantId}');
      insert into public.strange values ('${tenantId}', '${text}');
      grant select on public.strange_child to tenantry_app`;
    const made = await noticed(place, breakage, async () => {
      const { relations } = await readCatalogue(place.owner);
      return sweep(
        place,
        relations.filter(({ isPartition }) => isPartition),
      );
    });
    expect(made.faults.join()).toContain('public.strange_child');
    walked(tally.cases + made.cases);
  },
);

test(
  'there is no materialized view, and one made by hand is noticed',
  attack({
    class: 'sql: a materialized view',
    tried:
      'Materialized views, which have no row security, were looked for; one made by hand was noticed.',
  }),
  async ({ place }) => {
    const held = place.catalogue.relations.filter(({ kind }) => kind === 'materialized view');
    expect(held).toEqual([]);
    const breakage =
      'create schema strange; create materialized view strange.copy as select * from connections; grant usage on schema strange to public; grant select on strange.copy to tenantry_app';
    const made = await noticed(place, breakage, async () =>
      sweep(place, (await readCatalogue(place.owner)).relations),
    );
    expect(made.faults.join()).toContain('strange.copy');
    walked(made.cases);
  },
);

test(
  'a table without isolation fails the suite with the line to add',
  attack({
    class: 'sql: every table, operation and context',
    tried:
      'A table was made by hand, without row security and granted to the tenants’ role: the suite names it and the line that is missing.',
  }),
  async ({ place }) => {
    const { tenantId, text } = place.victim.mark;
    const breakage = `create table public.strange (tenant_id uuid not null, id uuid not null, note text, primary key (tenant_id, id));
      grant select, insert, update, delete on public.strange to tenantry_app;
      insert into public.strange values ('${tenantId}', gen_random_uuid(), '${text}')`;
    const { lines, tally } = await noticed(place, breakage, async () => {
      const { relations, routines } = await readCatalogue(place.owner);
      return { lines: undeclared(relations, routines), tally: await sweep(place, relations) };
    });
    expect(lines).toEqual([
      "Table public.strange is not declared, so nothing isolates it. Declare it in db/schema: export const strange = tenantTable()('strange', { … });",
    ]);
    expect(tally.faults.join()).toContain('public.strange');
    walked(tally.cases);
  },
);

test(
  'no sequence tells how much others have made',
  attack({
    class: 'sql: a sequence’s last_value',
    tried:
      'Every sequence was read, by its last_value, by pg_sequence_last_value() and by nextval(), as each role that is not its own.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const sequences = place.catalogue.relations.filter(({ kind }) => kind === 'sequence');
    for (const role of servingRoleKeys) {
      const actor = await place.login(role);
      for (const { sql, schema } of sequences) {
        if (schema === 'engine' && role === 'engine') continue;
        tally.refused(sql, await actor.ask(undefined, `select last_value from ${sql}`));
        tally.refused(sql, await actor.ask(undefined, `select nextval('${sql}')`));
        const told = await actor.ask(undefined, `select pg_sequence_last_value('${sql}')`);
        tally.holds(
          `pg_sequence_last_value of ${sql} as ${role}`,
          told.code !== undefined || told.rows[0]?.pg_sequence_last_value === null,
        );
      }
    }
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);

/** What each role is and has, from the catalogue. */
async function powers(place: Place, role: ServingRole): Promise<Record<string, unknown>> {
  const { rows } = await place.owner.query<Record<string, unknown>>(
    `select r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb, r.rolreplication,
            (select count(*)::int from pg_class c where c.relowner = r.oid) as relations,
            (select count(*)::int from pg_proc p where p.proowner = r.oid) as routines,
            (select count(*)::int from pg_auth_members m where m.member = r.oid) as memberships,
            has_database_privilege(r.oid, current_database(), 'create') as makes_schemas,
            has_database_privilege(r.oid, current_database(), 'temporary') as makes_temporary_tables,
            has_schema_privilege(r.oid, 'public', 'create') as makes_tables
       from pg_roles r where r.rolname = $1`,
    [`tenantry_${role}`],
  );
  return rows[0] ?? {};
}

test(
  'no role that serves owns anything or can go past row security',
  attack({
    class: 'sql: an app login that owns tables or has BYPASSRLS',
    tried:
      'Each role’s attributes, memberships and belongings were read, and it tried to make tables, temporary ones, functions, schemas and roles.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    for (const role of servingRoleKeys) {
      const all = Object.entries(await powers(place, role));
      for (const [power, has] of all)
        tally.holds(`${role} has ${power}`, has === false || has === 0);
      tally.holds(`there is a role ${role}`, all.length > 0);
      const actor: Awaited<ReturnType<Place['login']>> & Listener = await place.login(role);
      for (const text of [
        'create table public.mine (a int)',
        'create temporary table connections (a int)',
        'create schema mine',
        'create role mine',
        "create function public.mine() returns int language sql as 'select 1'",
        "create function pg_temp.mine() returns int language sql as 'select 1'",
        'alter table connections disable row level security',
        'alter table connections no force row level security',
        'drop policy tenant_isolation on connections',
        'create policy mine on connections using (true)',
        'create trigger mine before insert on connections execute function tsvector_update_trigger()',
        'create rule mine as on select to connections do instead select 1',
        'create extension dblink',
        `alter role tenantry_${role} bypassrls`,
      ]) {
        tally.refused(`${text} as ${role}`, await actor.ask(undefined, text));
      }
    }
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);
