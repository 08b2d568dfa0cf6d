import type { Actor, Answer } from './support/actors';
import type { ForeignKey, Relation } from './support/catalogue';
import type { Row } from './support/checks';
import { grantedColumns } from './support/expected';
import { insertOf, isSingleton, tenantTables, unknownId } from './support/fill';
import { attack, expect, test, walked } from './support/fixtures';
import { Tally } from './support/judge';
import type { Place } from './support/place';

/** Tables into which the tenants' role may insert whole rows. */
const writable = (place: Place): readonly Relation[] =>
  tenantTables(place.catalogue).filter(
    (relation) => grantedColumns(relation, 'app', 'insert').length === relation.columns.length,
  );

/** What an answer would tell, with the ids that were sent taken out of it. */
function told(answer: Answer, ...sent: readonly (string | null | undefined)[]): string {
  const text = `${answer.code ?? 'taken'} ${answer.said}`;
  return sent.reduce<string>((rest, value) => (value ? rest.replaceAll(value, '…') : rest), text);
}

const insert = (actor: Actor, token: string, relation: Relation, row: Row): Promise<Answer> => {
  const { text, values } = insertOf(relation, row);
  return actor.ask(token, text, values);
};

/** A row of the attacker's that is not there yet. */
const ownRow = (place: Place, relation: Relation): Promise<Row> =>
  place.filler.newRow(relation, place.attacker.mark, place.attacker.spares);

/** The columns of a foreign key that an attacker would put another's id in. */
const aimed = (relation: Relation, key: ForeignKey): readonly string[] =>
  key.columns.filter((name) => name !== relation.tenantColumn);

test(
  'a foreign key answers for a foreign id as for one that nobody has',
  attack({
    class: 'sql: a single-column foreign key as existence oracle',
    tried:
      'For every foreign key of every tenant table, a row of one’s own was pointed at another tenant’s row and at one that does not exist, by INSERT and by UPDATE, and the answers compared.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const app = await place.login('app');
    const token = place.tokens.attacker;
    for (const relation of writable(place)) {
      for (const key of relation.foreignKeys) {
        const columns = aimed(relation, key);
        const foreign = columns.map((name) => {
          const at = key.targetColumns[key.columns.indexOf(name)] ?? '';
          return place.victim.rows.get(key.target)?.[at] ?? null;
        });
        const unknown = columns.map(() => unknownId(place.victim.mark));
        const row = await ownRow(place, relation);
        const pointing = (ids: readonly (string | null)[]) => ({
          ...row,
          ...Object.fromEntries(columns.map((name, at) => [name, ids[at] ?? null])),
        });
        const one = await insert(app, token, relation, pointing(foreign));
        const other = await insert(app, token, relation, pointing(unknown));
        tally.holds(`${relation.id}.${key.name} takes a foreign id`, one.code !== undefined);
        tally.holds(
          `${relation.id}.${key.name} tells by INSERT`,
          told(one, ...foreign) === told(other, ...unknown),
        );
        const update = `update ${relation.sql} set ${columns.map((name, at) => `"${name}" = $${at + 1}::text::uuid`).join(', ')}`;
        const changed = await app.ask(token, update, foreign);
        const missed = await app.ask(token, update, unknown);
        tally.holds(
          `${relation.id}.${key.name} takes a foreign id by UPDATE`,
          changed.code !== undefined,
        );
        tally.holds(
          `${relation.id}.${key.name} tells by UPDATE`,
          told(changed, ...foreign) === told(missed, ...unknown),
        );
      }
    }
    expect(tally.faults).toEqual([]);
    expect(tally.cases).toBeGreaterThan(20);
    walked(tally.cases);
  },
);

test(
  'no unique key knows another tenant’s values',
  attack({
    class: 'sql: a global UNIQUE answers for another tenant’s value',
    tried:
      'For every tenant table, a row of one’s own with all the values of another tenant’s row (its id included) was inserted: it must be taken.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const app = await place.login('app');
    for (const relation of writable(place)) {
      const links = new Set(relation.foreignKeys.flatMap(({ columns }) => columns));
      const theirs = place.victim.rows.get(relation.id) ?? {};
      const copied = Object.entries(theirs).filter(
        ([name]) => name !== relation.tenantColumn && !links.has(name),
      );
      const row = { ...(await ownRow(place, relation)), ...Object.fromEntries(copied) };
      const { text, values } = insertOf(relation, row);
      // Of what a tenant has one row of at most, its own is in the way: only that may be passed over.
      const own = isSingleton(relation)
        ? ` on conflict ("${relation.tenantColumn}") do nothing`
        : '';
      const answer = await app.ask(place.tokens.attacker, `${text}${own}`, values);
      tally.holds(
        `${relation.id} refuses another tenant’s values: ${answer.code}`,
        answer.code === undefined,
      );
    }
    expect(tally.faults).toEqual([]);
    expect(tally.cases).toBeGreaterThan(10);
    walked(tally.cases);
  },
);

test(
  'ON CONFLICT and MERGE say the same of a foreign row as of none',
  attack({
    class: 'sql: ON CONFLICT tells by its error or its silence',
    tried:
      'For every tenant table: INSERT … ON CONFLICT DO NOTHING and DO UPDATE with the key of another tenant’s row and with a key that nobody has, under its tenant and under one’s own; the answers were compared.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const app = await place.login('app');
    const token = place.tokens.attacker;
    for (const relation of writable(place)) {
      const theirs = place.victim.rows.get(relation.id) ?? {};
      const fresh = await place.filler.newRow(relation, place.victim.mark, place.victim.spares);
      const sent = [...Object.values(theirs), ...Object.values(fresh)];
      for (const clause of [
        'on conflict do nothing',
        'on conflict (tenant_id, id) do update set id = excluded.id',
      ]) {
        const ask = (row: Row) => {
          const { text, values } = insertOf(relation, row);
          return app.ask(token, `${text} ${clause}`, values);
        };
        const existing = await ask(theirs);
        const missing = await ask(fresh);
        tally.refused(`${relation.id} ${clause}`, { ...existing, said: '' });
        tally.holds(
          `${relation.id} ${clause} tells`,
          told(existing, ...sent) === told(missing, ...sent),
        );
      }
    }
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);

test(
  'MERGE neither finds nor changes a foreign row',
  attack({
    class: 'sql: MERGE',
    tried:
      'For every tenant table: MERGE matched on another tenant’s key with UPDATE, DELETE and INSERT branches; and matched on nothing, to change all.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const app = await place.login('app');
    const token = place.tokens.attacker;
    for (const relation of tenantTables(place.catalogue)) {
      const row = place.victim.rows.get(relation.id) ?? {};
      const may = (operation: 'update' | 'delete') =>
        grantedColumns(relation, 'app', operation).length > 0;
      const on = relation.tenantColumn
        ? `t."${relation.tenantColumn}" = '${row[relation.tenantColumn]}'`
        : 'true';
      const branches = [
        ...(may('delete') ? ['when matched then delete'] : []),
        ...(may('update') &&
        relation.columns.some(({ name }) => name === 'created_at') &&
        grantedColumns(relation, 'app', 'update').includes('created_at')
          ? ['when matched then update set created_at = now()']
          : []),
      ];
      for (const branch of branches) {
        const text = `merge into ${relation.sql} t using (values (1)) s on ${on} ${branch}`;
        const answer = await app.ask(token, text);
        tally.silent(text, answer);
        tally.holds(
          `${text} changed ${answer.count}`,
          answer.code !== undefined || answer.count === 0,
        );
      }
      const refused = await app.ask(
        token,
        `merge into ${relation.sql} t using (values (1)) s on false when not matched then insert (${relation.tenantColumn ?? 'id'}) values ('${row[relation.tenantColumn ?? 'id']}')`,
      );
      tally.refused(`merge into ${relation.id} inserting for another`, { ...refused, said: '' });
    }
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);

test(
  'the planner’s statistics give no value away',
  attack({
    class: 'sql: pg_class.reltuples and pg_stat_*',
    tried:
      'After ANALYZE: pg_stats, pg_stats_ext, pg_statistic, pg_class and every pg_stat view were read whole as the tenants’ role and searched for the victim.',
    told: 'PostgreSQL tells every login how many rows a table has in all, how large it is and how often it was read and written. It cannot be kept from telling that; no tenant’s value is in it.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    await place.owner.query('analyze');
    const app = await place.login('app');
    const { rows } = await place.owner.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'pg_catalog'::regnamespace
        and relkind in ('v', 'r') order by 1`,
    );
    for (const { name } of rows) {
      tally.silent(
        name,
        await app.ask(place.tokens.attacker, `select * from pg_catalog."${name}"`),
      );
    }
    const stats = await app.ask(
      place.tokens.attacker,
      "select * from pg_stats where schemaname not in ('pg_catalog', 'information_schema') and tablename = any (select relname from pg_class where relrowsecurity)",
    );
    tally.holds('pg_stats shows tables that have row security', stats.count === 0);
    tally.refused(
      'pg_statistic',
      await app.ask(place.tokens.attacker, 'select * from pg_statistic'),
    );
    expect(tally.faults).toEqual([]);
    expect(tally.cases).toBeGreaterThan(100);
    walked(tally.cases);
  },
);

test(
  'EXPLAIN shows no value of another tenant',
  attack({
    class: 'sql: EXPLAIN’s Rows Removed by Filter',
    tried:
      'EXPLAIN (ANALYZE, VERBOSE, BUFFERS, SETTINGS) of reading every tenant table, with and without an index and for another tenant’s id, was searched for values that were not sent.',
    told: 'EXPLAIN tells how many rows the policy has filtered out. Its estimates come from statistics over all tenants: whoever could send many EXPLAINs of his own could guess at values at the borders of a histogram. It is a statement of its own, which injected SQL cannot put inside another here, and no code of the product sends it.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    await place.owner.query('analyze');
    const app = await place.login('app');
    for (const relation of tenantTables(place.catalogue)) {
      const columns = grantedColumns(relation, 'app', 'select');
      if (columns.length === 0) continue;
      const select = `select ${columns.map((name) => `"${name}"`).join(', ')} from ${relation.sql}`;
      for (const setting of ['on', 'off']) {
        const answer = await app.work(place.tokens.attacker, async (run) => {
          await run(
            `set local enable_indexscan = ${setting}; set local enable_bitmapscan = ${setting}`,
          );
          return run(`explain (analyze, verbose, buffers, settings) ${select}`);
        });
        tally.silent(`explain of ${relation.id}`, answer);
        tally.holds(`explain of ${relation.id}: ${answer.code}`, answer.code === undefined);
      }
    }
    const hidden = await app.ask(
      place.tokens.attacker,
      "select query_to_xml('explain select 1', true, false, '')",
    );
    tally.refused('EXPLAIN inside another statement', hidden, ['42501', '0A000']);
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);
