import { QueryError, withTenant } from '@/db';
import { resetConnections } from '@/db/connections';
import type { TenantId } from '@/db/ids';
import { connections } from '@/db/schema';
import { grantedColumns } from './support/expected';
import { insertOf, tenantTables } from './support/fill';
import { attack, expect, test, walked } from './support/fixtures';
import { Tally } from './support/judge';
import { servingRoleKeys } from './support/roles';

const listed = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');

test(
  'no function or operator in WHERE gets to see a foreign row',
  attack({
    class: 'sql: a leaky function in WHERE',
    tried:
      'For every column of every tenant table: casts whose error quotes the value, a division that fails on a match, raising conversions and pattern matches were put into WHERE, with costs that invite the planner to run them first.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const app = await place.login('app');
    for (const relation of tenantTables(place.catalogue)) {
      for (const column of grantedColumns(relation, 'app', 'select')) {
        for (const condition of [
          `"${column}"::text::int = 1`,
          `"${column}"::text::xml is not null`,
          `1 / (case when "${column}"::text like '%${place.victim.mark.text.slice(0, 12)}%' then 0 else 1 end) = 1`,
          `"${column}"::text ~ '${place.victim.mark.prefix}'`,
          `to_timestamp("${column}"::text, 'YYYY') > now()`,
        ]) {
          const text = `select ${listed(grantedColumns(relation, 'app', 'select'))} from ${relation.sql} where ${condition}`;
          const answer = await app.ask(place.tokens.attacker, text);
          tally.silent(`${relation.id}: ${condition}`, answer, [place.victim.mark.prefix]);
          tally.holds(`${relation.id}: ${condition} divided by zero`, answer.code !== '22012');
          const none = await app.ask(undefined, text);
          tally.holds(
            `${relation.id}: ${condition} ran without a tenant: ${none.code}`,
            none.code === undefined,
          );
        }
      }
    }
    expect(tally.faults).toEqual([]);
    expect(tally.cases).toBeGreaterThan(1_000);
    walked(tally.cases);
  },
);

test(
  'no row moves to another tenant',
  attack({
    class: 'sql: a tenant-moving UPDATE',
    tried:
      'For every tenant table the tenant of one’s own rows was set to another’s, alone, with the id, by a subquery and by ON CONFLICT.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const app = await place.login('app');
    const { tenantId } = place.victim.mark;
    for (const relation of tenantTables(place.catalogue)) {
      const { tenantColumn } = relation;
      if (!tenantColumn) continue;
      const key = `"${tenantColumn}"`;
      for (const text of [
        `update ${relation.sql} set ${key} = '${tenantId}'`,
        `update ${relation.sql} set ${key} = '${tenantId}' where ${key} = '${place.attacker.mark.tenantId}'`,
        `update ${relation.sql} set ${key} = (select '${tenantId}'::uuid)`,
      ]) {
        const answer = await app.ask(place.tokens.attacker, text);
        tally.refused(text, { ...answer, said: '' }, ['42501']);
      }
    }
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);

test(
  'no role empties or locks out a table',
  attack({
    class: 'sql: TRUNCATE',
    tried:
      'TRUNCATE, with and without CASCADE, DROP, ALTER, CLUSTER, COMMENT and SECURITY LABEL on every table, as each role that serves.',
    told: 'A role that may change rows may also lock their table for the length of a statement’s time limit: that delays others and tells nothing.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    for (const role of servingRoleKeys) {
      const actor = await place.login(role);
      for (const { sql, kind } of place.catalogue.relations) {
        if (kind !== 'table') continue;
        for (const text of [
          `truncate ${sql}`,
          `truncate ${sql} cascade`,
          `drop table ${sql}`,
          `alter table ${sql} add column mine int`,
          `comment on table ${sql} is 'mine'`,
        ]) {
          tally.refused(`${text} as ${role}`, await actor.ask(undefined, text));
        }
      }
    }
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);

test(
  'COPY keeps to the policies, and reaches no file or program',
  attack({
    class: 'sql: COPY',
    tried:
      'COPY TO and COPY FROM of every tenant table, of queries, to files and to programs, with and without a context.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const app = await place.login('app');
    for (const relation of tenantTables(place.catalogue)) {
      // COPY names no generated columns.
      const columns = grantedColumns(relation, 'app', 'select').filter((name) =>
        relation.columns.some((column) => column.name === name && column.writable),
      );
      if (columns.length === 0) continue;
      for (const token of [undefined, place.tokens.attacker]) {
        for (const source of [
          `${relation.sql} (${listed(columns)})`,
          `(select ${listed(columns)} from ${relation.sql})`,
        ]) {
          const copied = await app.ask(token, `copy ${source} to stdout`);
          tally.silent(`copy ${source}`, copied);
          const right = copied.count > 0 === (token !== undefined);
          tally.holds(`copy ${source}: ${copied.count} rows, ${copied.code}`, right);
        }
      }
      for (const text of [
        `copy ${relation.sql} from stdin`,
        `copy ${relation.sql} to '/tmp/copied'`,
        `copy ${relation.sql} from '/etc/passwd'`,
        `copy ${relation.sql} to program 'cat'`,
        `copy ${relation.sql} from program 'id'`,
      ]) {
        tally.refused(text, await app.ask(place.tokens.attacker, text), ['42501', '0A000']);
      }
    }
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);

test(
  'nobody makes or reads large objects',
  attack({
    class: 'sql: large objects',
    tried:
      'Each role that serves was to make, import, read, write and list large objects, those of the superuser and those that it would have made.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const { rows } = await place.owner.query<{ id: number }>('select lo_from_bytea(0, $1) as id', [
      Buffer.from(place.victim.mark.text),
    ]);
    const id = rows[0]?.id;
    for (const role of servingRoleKeys) {
      const actor = await place.login(role);
      for (const text of [
        'select lo_create(0)',
        'select lo_creat(-1)',
        "select lo_from_bytea(0, 'x')",
        "select lo_import('/etc/passwd')",
        `select lo_export(${id}, '/tmp/exported')`,
        `select lo_get(${id})`,
        `select lo_open(${id}, 262144)`,
        `select lo_put(${id}, 0, 'x')`,
        `select lo_unlink(${id})`,
        'select * from pg_largeobject',
      ]) {
        tally.refused(`${text} as ${role}`, await actor.ask(undefined, text));
      }
    }
    await place.owner.query('select lo_unlink($1)', [id]);
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);

test(
  'no role reaches the server’s files, programs or other databases',
  attack({
    class: 'sql: file functions, programs and dblink',
    tried:
      'Every function of PostgreSQL and of the extensions that reads or writes files, lists directories, reads the log, reloads, or connects elsewhere was called by each role that serves; libraries were loaded and extensions made.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const { rows } = await place.owner.query<{ name: string; open: string[] }>(
      `select p.oid::regprocedure::text as name,
              array(select r.rolname::text from pg_roles r where r.rolname = any($1) and has_function_privilege(r.oid, p.oid, 'execute')) as open
         from pg_proc p
        where p.proname ~ '^(pg_read_|pg_ls_|pg_stat_file|pg_file_|pg_logdir|pg_current_logfile|pg_reload|pg_rotate|lo_import|lo_export|dblink|pg_hba|pg_ident_file|pg_show_all_file|pg_promote|pg_switch_wal|pg_create_restore_point|pg_backup_|pg_execute|pg_stat_reset|pg_config$)'`,
      [servingRoleKeys.map((role) => `tenantry_${role}`)],
    );
    for (const { name, open } of rows)
      tally.holds(`${name} can be called by ${open.join()}`, open.length === 0);
    for (const role of servingRoleKeys) {
      const actor = await place.login(role);
      for (const text of [
        "select pg_read_file('PG_VERSION')",
        "select pg_ls_dir('.')",
        "load 'auto_explain'",
        'create extension file_fdw',
        'create extension plpython3u',
        'create foreign data wrapper mine',
        "create subscription mine connection '' publication mine with (connect = false)",
        "select * from pg_read_binary_file('global/pg_control')",
      ]) {
        tally.refused(`${text} as ${role}`, await actor.ask(undefined, text), [
          '42501',
          '0A000',
          '58P01',
        ]);
      }
      const other = await actor.ask(undefined, 'select count(*) from pg_foreign_server');
      tally.holds('a foreign server is there', other.rows[0]?.count === '0');
    }
    expect(tally.faults).toEqual([]);
    expect(rows.length).toBeGreaterThan(20);
    walked(tally.cases);
  },
);

test(
  'errors name no value of another, and the doors hand on no detail',
  attack({
    class: 'sql: error detail in logs',
    tried:
      'Statements that fail in every way (unique, foreign key, check, null, cast, division, policy) were sent with another tenant’s keys; the errors were searched, the doors’ own were looked at for details, and the server’s log for the victim.',
    told: 'The server’s own log has the detail of a failed row of whoever sent it. It belongs to the operator; no tenant can read it.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const app = await place.login('app');
    for (const relation of tenantTables(place.catalogue)) {
      const theirs = place.victim.rows.get(relation.id) ?? {};
      const { text, values } = insertOf(relation, theirs);
      const sent = Object.values(theirs).filter((value): value is string => value !== null);
      for (const token of [undefined, place.tokens.attacker]) {
        const answer = await app.ask(token, text, values);
        tally.silent(`${relation.id}, their row again`, answer, sent);
        tally.holds(`${relation.id} takes another’s row`, answer.code !== undefined);
      }
    }
    await resetConnections(place.access);
    const victim = { tenantId: place.victim.mark.tenantId as TenantId };
    const existing = place.victim.rows.get('public.connections') ?? {};
    const failed: unknown = await withTenant(victim, (tx) =>
      tx.insert(connections).values({
        ...victim,
        id: existing.id as never,
        provider: 'google',
        createdBy: existing.created_by as never,
      }),
    ).catch((error: unknown) => error);
    await resetConnections();
    const causes: unknown[] = [];
    for (let at: unknown = failed; at instanceof Error; at = at.cause) causes.push(at);
    const query = causes.find((cause) => cause instanceof QueryError);
    tally.holds('the door’s error is a QueryError', query !== undefined);
    tally.holds(
      'the door’s error has a detail',
      !JSON.stringify(Object.entries(query ?? {})).includes(existing.id ?? ''),
    );
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);
