import { undeclared } from './support/expected';
import { attack, expect, test, walked } from './support/fixtures';
import { type Case, walkColumns, walkTable } from './support/matrix';
import { type Place, type Way, ways } from './support/place';
import { forgeries } from './support/tokens';

/** Ask everything of every table, as everybody. */
async function walkAll(place: Place, way: Way): Promise<Case[]> {
  const everybody = await place.everybody(way);
  const [forgery] = forgeries(place.key, place.victim.mark, place.attacker.mark);
  const cases: Case[] = [];
  for (const relation of place.catalogue.relations) {
    if (relation.kind !== 'table') continue;
    for (const [role, actor] of everybody) {
      cases.push(...(await walkTable(place, actor, role, relation, forgery?.token ?? '')));
      cases.push(...(await walkColumns(actor, place.tokens.attacker, role, relation)));
    }
  }
  return cases;
}

/** One line for each case that does not hold: all of them in one answer. */
const broken = (cases: readonly Case[]): string[] =>
  cases
    .filter(({ holds }) => !holds)
    .map(
      ({ table, role, operation, context, expected, outcome }) =>
        `${operation} on ${table} as ${role}, ${context} context: expected ${expected}, got ${outcome}`,
    );

test('everything in the database is declared', ({ place }) => {
  const { relations, routines } = place.catalogue;
  expect(undeclared(relations, routines)).toEqual([]);
  walked(relations.length + routines.length);
});

for (const way of ways) {
  test(
    `every table × operation × context × role, ${way}`,
    attack({
      class: 'sql: every table, operation and context',
      tried: `SELECT, INSERT, UPDATE and DELETE on every table, as each role, without a context, with one’s own, for another’s rows, and with a forged one (${way === 'direct' ? 'by each role’s own login' : 'behind a transaction pooler'}).`,
    }),
    async ({ place }, info) => {
      const cases = await walkAll(place, way);
      await info.attach('matrix', {
        body: JSON.stringify({ way, cases }),
        contentType: 'application/json',
      });
      walked(cases.length);
      expect(broken(cases)).toEqual([]);
      expect(cases.length).toBeGreaterThan(way === 'direct' ? 1_000 : 300);
    },
  );
}
