import { attachments } from '@/cli/isolation/report/shape';
import { inspectWith } from '@/db/catalogue';
import { undeclared } from './support/expected';
import { attack, expect, test, walked } from './support/fixtures';
import { broken, type Case, walkColumns, walkTable } from './support/matrix';
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

test('everything in the database is declared', ({ place }) => {
  const { relations, routines } = place.catalogue;
  expect(undeclared(relations, routines)).toEqual([]);
  walked(relations.length + routines.length);
});

test(
  'the live catalogue is as the doors assume it',
  attack({
    class: 'sql: every table, operation and context',
    tried:
      'The doctor’s checks of the catalogue: row security and FORCE, policies and both their halves, keys, grants, owners, views, functions, sequences, schemas.',
  }),
  async ({ place }, info) => {
    const checks = await inspectWith(place.owner);
    const findings = checks.flatMap((check) => check.findings);
    const version = await place.owner.query<{ server_version: string }>('show server_version');
    const postgres = version.rows[0]?.server_version.split(' ')[0];
    await info.attach(attachments.place, {
      body: JSON.stringify({ postgres, database: process.env.ISOLATION_SERVER ? 'server' : 'own' }),
      contentType: 'application/json',
    });
    walked(checks.reduce((sum, { looked }) => sum + looked, 0));
    expect(findings.filter(({ severity }) => severity !== 'warning')).toEqual([]);
  },
);

for (const way of ways) {
  test(
    `every table × operation × context × role, ${way}`,
    attack({
      class: 'sql: every table, operation and context',
      tried: `SELECT, INSERT, UPDATE and DELETE on every table, as each role, without a context, with one’s own, for another’s rows, and with a forged one (${way === 'direct' ? 'by each role’s own login' : 'behind a transaction pooler'}).`,
    }),
    async ({ place }, info) => {
      const cases = await walkAll(place, way);
      await info.attach(attachments.matrix, {
        body: JSON.stringify({ way, cases }),
        contentType: 'application/json',
      });
      walked(cases.length);
      expect(broken(cases)).toEqual([]);
      expect(cases.length).toBeGreaterThan(way === 'direct' ? 1_000 : 300);
    },
  );
}
