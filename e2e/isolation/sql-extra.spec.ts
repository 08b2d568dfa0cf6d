import { actors, grantedColumns, operations } from './support/expected';
import { tenantTables } from './support/fill';
import { attack, expect, test, walked } from './support/fixtures';
import { quoted } from './support/injections';
import { Tally } from './support/judge';
import { plainColumn } from './support/matrix';
import { forgeries } from './support/tokens';

test(
  'a statement that reads nothing changes nothing of another tenant',
  attack({
    class: 'sql: every table, operation and context',
    tried:
      'UPDATE and DELETE without WHERE and without RETURNING, to which policies for SELECT do not apply, on every tenant table: what they change is counted against the rows that are one’s own.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const app = await place.login('app');
    for (const relation of tenantTables(place.catalogue)) {
      const own = await place.owner.query<{ n: number }>(
        `select count(*)::int as n from ${relation.sql} where ${relation.tenantColumn ? `"${relation.tenantColumn}" = '${place.attacker.mark.tenantId}'` : 'true'}`,
      );
      const most = own.rows[0]?.n ?? 0;
      const statements = [
        ...(grantedColumns(relation, 'app', 'delete').length > 0
          ? [`delete from ${relation.sql}`]
          : []),
        ...blindUpdate(relation),
      ];
      for (const text of statements) {
        const none = await app.ask(undefined, text);
        tally.silent(`${text} without a context`, none);
        tally.holds(
          `${text} without a context: ${none.code ?? none.count}`,
          none.code === undefined && none.count === 0,
        );
        const mine = await app.ask(place.tokens.attacker, text);
        tally.silent(text, mine);
        tally.holds(`${text} changed ${mine.count} rows of ${most}`, mine.count <= most);
      }
    }
    expect(tally.faults).toEqual([]);
    expect(tally.cases).toBeGreaterThan(50);
    walked(tally.cases);
  },
);

/** An update that names a column as a target only. */
function blindUpdate(relation: Parameters<typeof plainColumn>[0]): string[] {
  const column = plainColumn(relation, grantedColumns(relation, 'app', 'update'));
  const nullable = relation.columns.find(({ name }) => name === column);
  if (!nullable || nullable.notNull) return [];
  return [`update ${relation.sql} set "${column}" = null`];
}

test(
  'no role reads or writes a column that it was not granted',
  attack({
    class: 'sql: every table, operation and context',
    tried:
      'For every column of every table, and for every role: SELECT, INSERT and UPDATE of the column alone were looked up, and what nobody declared was tried.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    for (const role of actors) {
      if (role === 'owner') continue;
      const actor = await place.login(role);
      for (const relation of place.catalogue.relations) {
        if (relation.kind !== 'table') continue;
        const { rows } = await place.owner.query<{ column: string; operation: string }>(
          `select a.attname as column, o.operation from pg_attribute a
             cross join unnest($3::text[]) o(operation)
            where a.attrelid = $1::text::regclass and a.attnum > 0 and not a.attisdropped
              and has_column_privilege($2, a.attrelid, a.attnum, o.operation)`,
          [relation.sql, `tenantry_${role}`, operations.filter((each) => each !== 'delete')],
        );
        for (const operation of operations) {
          const declared = grantedColumns(relation, role, operation);
          const held = rows.filter((row) => row.operation === operation);
          for (const { column } of held) {
            const what = `${role} may ${operation} ${relation.id}.${column}`;
            tally.holds(what, declared.includes(column));
          }
        }
        if (grantedColumns(relation, role, 'select').length > 0) continue;
        for (const { name } of relation.columns) {
          tally.refused(
            `${relation.id}.${name} as ${role}`,
            await actor.ask(place.tokens.attacker, `select "${name}" from ${relation.sql}`),
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
  'the search answers for the tenant of the context, and for nobody else',
  attack({
    class: 'sql: a view or SECURITY DEFINER function owned by a superuser',
    tried:
      'search.resources(), which sees all rows, was asked by part of a name, by words, by kind, by connection and from a place in the list, for another tenant’s rows: with one’s own context, with none, with forged ones and with the plain setting.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const app = await place.login('app');
    const victim = place.victim.rows.get('public.resources') ?? {};
    const own = place.attacker.rows.get('public.resources') ?? {};
    const given = (value: string | null | undefined, type: string) =>
      value ? `${quoted(value)}::${type}` : `null::${type}`;
    const ask = (row: typeof victim) => [
      `${given(row.name, 'text')}, null, null, null, null, null, 'all', null, 50`,
      `null, ${given(row.name, 'text')}, null, null, null, null, 'all', null, 50`,
      `null, null, null, null, ${given(row.kind, 'text')}, null, 'all', null, 50`,
      `null, null, null, null, null, ${given(row.connection_id, 'uuid')}, 'all', null, 50`,
      "null, null, null, null, null, null, 'all', null, 50",
      `null, null, null, null, null, null, 'all', ${given(row.id, 'uuid')}, 50`,
    ];
    const search = (input: string) => `select id::text from search.resources(${input}) hit(id)`;
    const forged = forgeries(place.key, place.victim.mark, place.attacker.mark);
    for (const input of ask(victim)) {
      for (const token of [undefined, place.tokens.attacker]) {
        const answer = await app.ask(token, search(input));
        const sent = [victim.name, victim.id, victim.connection_id].flatMap((each) => each ?? []);
        tally.silent(search(input), answer, sent);
        tally.holds(
          `${search(input)} found another’s: ${answer.said}`,
          !answer.rows.some(({ id }) => id === victim.id),
        );
      }
      for (const { name, token } of forged) {
        tally.refused(`${name}: ${input}`, { ...(await app.ask(token, search(input))), said: '' }, [
          'TC001',
        ]);
      }
      const plain = await app.work(place.tokens.attacker, async (run) => {
        await run(`set local app.tenant_id = '${place.victim.mark.tenantId}'`);
        return run(search(input));
      });
      tally.holds(
        `the plain setting opens ${input}`,
        !plain.rows.some(({ id }) => id === victim.id),
      );
    }
    const [byName = ''] = ask(own);
    const mine = await app.ask(place.tokens.attacker, search(byName));
    tally.holds(
      `one’s own is found: ${mine.code} ${mine.said}`,
      mine.rows.some(({ id }) => id === own.id),
    );
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);
