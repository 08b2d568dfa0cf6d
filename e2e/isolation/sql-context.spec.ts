import { sql, withTenant } from '@/db';
import { resetConnections } from '@/db/connections';
import type { TenantId } from '@/db/ids';
import { connections } from '@/db/schema';
import type { Run } from './support/actors';
import type { Relation } from './support/catalogue';
import { grantedColumns } from './support/expected';
import { tenantTables } from './support/fill';
import { attack, expect, test, walked } from './support/fixtures';
import { injections, quoted, setTenant } from './support/injections';
import { Tally } from './support/judge';
import { type Place, ways } from './support/place';
import { forgeries } from './support/tokens';

const readable = (place: Place): readonly Relation[] =>
  tenantTables(place.catalogue).filter(
    (relation) => grantedColumns(relation, 'app', 'select').length > 0,
  );

/** All columns that the tenants' role may read. */
const columnsOf = (relation: Relation): string =>
  grantedColumns(relation, 'app', 'select')
    .map((name) => `t."${name}"`)
    .join(', ');

const forged = ['TC001'];

for (const way of ways) {
  test(
    `no forged token reads a row of any table, ${way}`,
    attack({
      class: 'sql: a forged, expired or altered tenant context',
      tried: `Seventeen kinds of forged tokens (another tenant in one’s own, wrong, missing and cut MACs, expired, other keys, plain ids) were set and every tenant table read (${way}).`,
    }),
    async ({ place }) => {
      const tally = new Tally(place);
      const app = await place.login('app', way);
      for (const { name, token } of forgeries(place.key, place.victim.mark, place.attacker.mark)) {
        for (const relation of readable(place)) {
          const answer = await app.ask(
            token,
            `select ${columnsOf(relation)} from ${relation.sql} t`,
          );
          tally.refused(`${relation.id}, ${name}`, answer, forged);
        }
      }
      expect(tally.faults).toEqual([]);
      expect(tally.cases).toBeGreaterThan(300);
      walked(tally.cases);
    },
  );

  test(
    `SQL that is injected sets no other tenant, ${way}`,
    attack({
      class: 'sql: injected set_config',
      tried: `set_config() of forged tokens and of plain ids under the old and the new name was put into a CTE, a lateral join per row, WHERE, ORDER BY, LIMIT, a join, a set operation, an aggregate, INSERT, UPDATE and DELETE, several to one statement, for every tenant table (${way}).`,
    }),
    async ({ place }) => {
      const tally = new Tally(place);
      const app = await place.login('app', way);
      const tokens = forgeries(place.key, place.victim.mark, place.attacker.mark).filter(
        ({ name }) =>
          ['another tenant in one’s own token', 'the plain tenant id', 'expired'].includes(name),
      );
      for (const relation of readable(place)) {
        for (const { name, text } of injections(relation, columnsOf(relation))) {
          for (const forgery of tokens) {
            const statement = text(quoted(forgery.token), place.victim.mark.tenantId);
            const answer = await app.ask(place.tokens.attacker, statement);
            // The token that was sent comes back as what it was set to.
            const sent = [forgery.token, place.victim.mark.tenantId];
            tally.silent(`${relation.id}, ${name}, ${forgery.name}`, answer, sent);
            // An attack that PostgreSQL does not understand proves nothing.
            const understood = !/^42(?!501)/.test(answer.code ?? '');
            tally.holds(`${relation.id}, ${name}: ${answer.code}`, understood);
          }
        }
      }
      expect(tally.faults).toEqual([]);
      expect(tally.cases).toBeGreaterThan(700);
      walked(tally.cases);
    },
  );
}

/** What an attacker sees of a table with SQL of his own in the middle of a transaction. */
async function steps(run: Run, relation: Relation, statements: readonly string[]): Promise<string> {
  let said = '';
  for (const statement of [...statements, `select ${columnsOf(relation)} from ${relation.sql} t`]) {
    said += (await run(statement)).said;
  }
  return said;
}

test(
  'savepoints, SET and RESET in mid transaction lead to no other tenant',
  attack({
    class: 'sql: savepoints',
    tried:
      'A forged context was set before, inside and after savepoints that were rolled back or released, by SET, SET LOCAL, RESET and DISCARD, and every tenant table read after it.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const app = await place.login('app');
    const [forgery] = forgeries(place.key, place.victim.mark, place.attacker.mark);
    const set = setTenant(quoted(forgery?.token ?? ''));
    const plain = quoted(place.victim.mark.tenantId);
    const scripts: readonly (readonly string[])[] = [
      ['savepoint a', `select ${set}`, 'rollback to a'],
      ['savepoint a', `select ${set}`, 'release a'],
      [`select ${set}`, 'savepoint a'],
      ['savepoint a', 'savepoint b', `select ${set}`, 'release b', 'rollback to a'],
      [`set local app.tenant = ${plain}`],
      [`set app.tenant = ${plain}`],
      [`set session app.tenant_id = ${plain}`],
      ['reset app.tenant'],
      ['reset all'],
      ['discard plans'],
      [`select public.use_tenant('')`],
    ];
    for (const relation of readable(place)) {
      for (const script of scripts) {
        const said = await app.work(place.tokens.attacker, (run) => steps(run, relation, script));
        const sent = [forgery?.token ?? '', place.victim.mark.tenantId].filter(Boolean);
        tally.silent(`${relation.id}: ${script.join('; ')}`, { said }, sent);
      }
    }
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);

test(
  'after COMMIT there is no tenant',
  attack({
    class: 'sql: the setting is empty, not NULL, after COMMIT',
    tried:
      'On one connection a tenant’s transaction was committed, rolled back and failed; every tenant table was read after it without a context.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const app = await place.login('app');
    for (const end of ['commit', 'rollback', 'select 1 / 0; commit']) {
      await app.run(`begin; select public.use_tenant(${quoted(place.tokens.victim)}); select 1`);
      await app.run(end);
      await app.run('rollback');
      const { rows } = await app.run("select current_setting('app.tenant', true) as setting");
      tally.holds(`after ${end} the setting is ${rows[0]?.setting}`, !rows[0]?.setting);
      for (const relation of readable(place)) {
        const answer = await app.run(`select ${columnsOf(relation)} from ${relation.sql} t`);
        tally.silent(`${relation.id} after ${end}`, answer);
        tally.holds(
          `${relation.id} after ${end} has rows`,
          answer.code === undefined && answer.count === 0,
        );
      }
    }
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);

test(
  'behind a pooler the doors leave no tenant on a connection, and one left there is overruled',
  attack({
    class: 'sql: a session-level SET through a transaction pooler',
    tried:
      'Behind a pooler that changes connections with each transaction, a session-level SET of the victim’s good token was left on every connection: transactions of the doors saw their own tenant only, and the doors themselves left nothing.',
    told: 'SQL of one’s own can leave one’s own token on a shared connection until it expires, ten minutes at most. The doors set theirs in every transaction.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const pooler = await place.pooler('app');
    await resetConnections({ ...place.access, app: pooler.url });
    const attacker = { tenantId: place.attacker.mark.tenantId as TenantId };
    const victim = { tenantId: place.victim.mark.tenantId as TenantId };
    const setting = "select coalesce(current_setting('app.tenant', true), '')";
    for (let at = 0; at < 50; at += 1) {
      const rows = await withTenant(victim, (tx) => tx.select().from(connections));
      tally.holds('a tenant sees its own rows', rows.length > 0);
    }
    for (const left of await pooler.onEachBackend(setting))
      tally.holds(`${left} was left`, left === '');

    // The victim's token, left by whatever accident, is the worst that could lie there.
    await pooler.onEachBackend(`set app.tenant = ${quoted(place.tokens.victim)}`);
    const before = pooler.switches();
    for (let at = 0; at < 50; at += 1) {
      const seen = await withTenant(attacker, async (tx) => ({
        rows: await tx.select().from(connections),
        all: await tx.execute(sql`select * from resources`),
      }));
      tally.silent('a read through the door', { said: JSON.stringify(seen) });
      tally.holds('a tenant sees its own rows', seen.rows.length > 0);
    }
    expect(pooler.switches()).toBeGreaterThan(before);
    await pooler.onEachBackend('reset app.tenant');
    await resetConnections();
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);
