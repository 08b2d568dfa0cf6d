import { attachments } from '@/cli/isolation/report/shape';
import type { Actor } from './support/actors';
import type { Relation } from './support/catalogue';
import { type ActorKey, grantedColumns, undeclared } from './support/expected';
import { tenantTables } from './support/fill';
import { attack, test as base, expect, walked } from './support/fixtures';
import { type Given, openGiven } from './support/given';
import { injections, quoted } from './support/injections';
import { markedId } from './support/marks';
import { broken, type Case, walkColumns, walkTable } from './support/matrix';
import { forgeries, tokenOf } from './support/tokens';

/**
 * What can be asked of a database that is there, such as a restored backup; without one, of the
 * suite's own, so that these cases are known to work.
 */
const test = base.extend<object, { readonly given: Given }>({
  given: [
    async ({ place }, use) => {
      const given = await openGiven(process.env.ISOLATION_DATABASE || place.url);
      await use(given);
      await given.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});
const readOnly = process.env.ISOLATION_READ_ONLY === '1';

const readable = ({ catalogue }: Given): readonly Relation[] =>
  tenantTables(catalogue).filter(
    (relation) => grantedColumns(relation, 'app', 'select').length > 0,
  );

/** Up to two tenants that are there, those with members first; asked as a role that sees all. */
async function someTenants(actor: (key: ActorKey) => Actor): Promise<string[]> {
  const { rows } = await actor('platform').ask(
    undefined,
    `select t.id from public.tenants t
      order by (select count(*) from public.memberships m where m.tenant_id = t.id) desc, t.id limit 2`,
  );
  return rows.flatMap(({ id }) => id ?? []);
}

test(
  'its catalogue is as the doors assume it, and everything in it is declared',
  attack({
    class: 'sql: every table, operation and context',
    tried: 'The doctor’s checks of the catalogue, in a READ ONLY transaction.',
  }),
  async ({ given }, info) => {
    await info.attach(attachments.place, {
      body: JSON.stringify({
        postgres: given.postgres,
        database: process.env.ISOLATION_DATABASE ? 'given' : 'own',
      }),
      contentType: 'application/json',
    });
    const checks = await given.inspect();
    const findings = checks.flatMap((check) => check.findings);
    walked(checks.reduce((sum, { looked }) => sum + looked, 0));
    expect(undeclared(given.catalogue.relations, given.catalogue.routines)).toEqual([]);
    expect(findings.filter(({ severity }) => severity !== 'warning')).toEqual([]);
  },
);

test(
  'without a context no table has a row',
  attack({
    class: 'sql: every table, operation and context',
    tried:
      'Every tenant table was counted by the tenants’ role, and by the owner’s, without a context.',
  }),
  async ({ given }) => {
    const counts = await given.reading(async (actor) => {
      const found: string[] = [];
      for (const role of ['app', 'owner'] as const) {
        for (const { id, sql } of readable(given)) {
          const { rows, code } = await actor(role).ask(
            undefined,
            `select count(*) as n from ${sql}`,
          );
          if (code || rows[0]?.n !== '0') found.push(`${id} as ${role}: ${code ?? rows[0]?.n}`);
        }
      }
      return found;
    });
    expect(counts).toEqual([]);
    walked(2 * readable(given).length);
  },
);

test(
  'two tenants of its own see nothing of one another',
  attack({
    class: 'sql: every table, operation and context',
    tried:
      'Two tenants that are there were given their contexts in turn, and every tenant table was counted for rows of anybody else.',
  }),
  async ({ given }) => {
    let cases = 0;
    const faults = await given.reading(async (actor) => {
      const found: string[] = [];
      for (const tenantId of await someTenants(actor)) {
        cases += readable(given).length;
        for (const { id, sql, tenantColumn } of readable(given)) {
          const foreign = tenantColumn
            ? `"${tenantColumn}" <> '${tenantId}'`
            : `not exists (select from public.memberships m where m.user_id = t.id and m.tenant_id = '${tenantId}')`;
          const text = `select count(*) filter (where ${foreign}) as n from ${sql} t`;
          const { rows, code } = await actor('app').ask(tokenOf(given.key, { tenantId }), text);
          if (code || rows[0]?.n !== '0')
            found.push(`${id}: ${code ?? `${rows[0]?.n} rows of others`}`);
        }
      }
      return found;
    });
    expect(faults).toEqual([]);
    walked(cases);
  },
);

test(
  'forged contexts and injected ones get no row',
  attack({
    class: 'sql: a forged, expired or altered tenant context',
    tried:
      'Every kind of forged token was set for a tenant that is there, before and inside of statements, and every tenant table read.',
  }),
  async ({ given }) => {
    const [tenantId] = await given.reading((actor) => someTenants(actor));
    const prefix = markedId({ prefix: '00000000' });
    const mark = (id: string) => ({
      name: 'given',
      prefix: id.slice(0, 8),
      tenantId: id,
      text: '',
    });
    const forged = forgeries(given.key, mark(tenantId ?? prefix), mark(prefix));
    let cases = 0;
    const faults = await given.reading(async (actor) => {
      const found: string[] = [];
      const app = actor('app');
      for (const relation of readable(given)) {
        const columns = grantedColumns(relation, 'app', 'select')
          .map((name) => `t."${name}"`)
          .join(', ');
        const reads = injections(relation, columns).filter(
          ({ name }) => !/DELETE|UPDATE/.test(name),
        );
        for (const { name, token } of forged) {
          cases += 1;
          const { code, count } = await app.ask(
            token,
            `select ${columns} from ${relation.sql} t limit 1`,
          );
          // An empty table has no row of which to ask whose it is.
          if (code !== 'TC001' && count > 0) found.push(`${relation.id}, ${name}: ${count} rows`);
        }
        for (const { name, text } of reads) {
          const inner = text(quoted(forged[0]?.token ?? ''), tenantId ?? prefix);
          if (/list of columns|several|set operation|FILTER/.test(name)) continue;
          cases += 1;
          const { code, count } = await app.ask(undefined, `select 1 from (${inner}) r limit 1`);
          // Where set_config is closed, calling it is refused before anything is read.
          const refused = code === 'TC001' || code === '42501';
          if (!refused && (code !== undefined || count > 0))
            found.push(`${relation.id}, ${name}: ${code ?? count}`);
        }
      }
      return found;
    });
    expect(faults).toEqual([]);
    walked(cases);
  },
);

test(
  'two tenants that are made up get nothing of one another, and leave nothing',
  attack({
    class: 'sql: every table, operation and context',
    tried:
      'Rows of two tenants were made in one transaction and every statement of the matrix sent as each role, by SET ROLE; the transaction was rolled back.',
  }),
  async ({ given }, info) => {
    test.skip(readOnly, 'Only what reads was asked for.');
    const { cases, tenantId } = await given.writing(async (ground, everybody) => {
      const all: Case[] = [];
      const [forgery] = forgeries(given.key, ground.victim.mark, ground.attacker.mark);
      for (const relation of ground.catalogue.relations) {
        if (relation.kind !== 'table') continue;
        for (const [role, actor] of everybody) {
          all.push(...(await walkTable(ground, actor, role, relation, forgery?.token ?? '', true)));
          all.push(...(await walkColumns(actor, ground.tokens.attacker, role, relation)));
        }
      }
      return { cases: all, tenantId: ground.victim.mark.tenantId };
    });
    await info.attach(attachments.matrix, {
      body: JSON.stringify({ way: 'SET ROLE', cases }),
      contentType: 'application/json',
    });
    walked(cases.length);
    expect(broken(cases)).toEqual([]);
    const left = await given.reading((actor) =>
      actor('platform').ask(undefined, 'select id from public.tenants where id = $1', [tenantId]),
    );
    expect(left).toMatchObject({ code: undefined, count: 0 });
  },
);
