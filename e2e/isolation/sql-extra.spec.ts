import { actors, grantedColumns, operations } from './support/expected';
import { tenantTables } from './support/fill';
import { attack, expect, test, walked } from './support/fixtures';
import { Tally } from './support/judge';
import { plainColumn } from './support/matrix';

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
