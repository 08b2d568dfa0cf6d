import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  eq,
  newId,
  observation,
  purgeQueryFigures,
  sql,
  type TenantContext,
  type UserId,
  withIdentity,
  withTenant,
} from '@/db';
import { connections } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { exportMetrics, perProcess, withLogContext } from '@/lib/observability';
import { createLogger } from '@/lib/observability/logger';
import {
  queryDetail,
  queryFilter,
  slowestQueries,
  slowestTenants,
  startQueryWatch,
  stopQueryWatch,
  writeQueryFigures,
} from '.';

const database = testDatabase();

const lines: Record<string, unknown>[] = [];
const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
// The process's own logger writes to its output; this one, in its place, to where we can look.
perProcess('logger', () => createLogger({ level: 'warn', destination }));

const staff: StaffContext = {
  userId: newId<UserId>(),
  role: 'support',
  name: 'Sam Support',
  email: 'sam@support.example',
  requestId: 'request-1',
};

const read = (tenant: TenantContext) =>
  withTenant(tenant, (tx) =>
    tx
      .select({ id: connections.id })
      .from(connections)
      .where(eq(connections.tenantId, tenant.tenantId)),
  );

const wait = (tenant: TenantContext, seconds: number) =>
  withTenant(tenant, (tx) => tx.execute(sql`select pg_sleep(${seconds})`));

let tenant: TenantContext;
beforeAll(() => {
  startQueryWatch();
  return stopQueryWatch;
});
beforeEach(async () => {
  await database.owner.query('truncate query_hours, query_texts');
  observation.drainQueries(0);
  tenant = await database.createTenant('Watched');
});

/** Lines that the process's log was given while `work` ran. */
async function loggedDuring(work: () => Promise<unknown>) {
  lines.length = 0;
  await work();
  return [...lines];
}

describe('figures', () => {
  it('are added up by tenant and query, over processes and writings', async () => {
    const other = await database.createTenant('Other');
    for (const context of [tenant, tenant, other]) {
      await read(context);
      await writeQueryFigures();
    }
    const queries = await slowestQueries(staff, queryFilter.parse({}));
    expect(queries.find(({ text }) => text.includes('"connections"'))).toMatchObject({
      count: 3,
      tenants: 2,
      role: 'app',
      tables: ['connections'],
      unbound: [],
    });
    const tenants = await slowestTenants(staff, queryFilter.parse({}));
    expect(tenants.find(({ tenantId }) => tenantId === tenant.tenantId)).toMatchObject({
      tenantName: 'Watched',
      count: 4,
      queries: 2,
    });
  });

  it('say what took longest, by each order, and within what 95 of 100 calls end', async () => {
    await wait(tenant, 0.06);
    for (let at = 0; at < 40; at += 1) await read(tenant);
    await writeQueryFigures();
    const byMax = await slowestQueries(staff, queryFilter.parse({ sort: 'max' }));
    const most = byMax.map(({ maxMs }) => maxMs);
    expect(most).toEqual(most.toSorted((one, next) => next - one));
    // Not by its place: any statement may wait for the processor as long as this one sleeps.
    const slept = byMax.find(({ text }) => text.includes('pg_sleep($1)'));
    expect(slept?.maxMs).toBeGreaterThan(55);
    expect(slept?.p95Ms).toBeGreaterThan(32);
    expect(slept?.p95Ms).toBeLessThanOrEqual(slept?.maxMs ?? 0);
    const byP95 = await slowestQueries(staff, queryFilter.parse({ sort: 'p95' }));
    const order = byP95.map(({ p95Ms }) => p95Ms);
    expect(order).toEqual(order.toSorted((one, next) => next - one));
  });

  it('of one tenant are its alone, and of one query show whom it takes longest for', async () => {
    const other = await database.createTenant('Slow one');
    await read(tenant);
    await wait(other, 0.03);
    await wait(tenant, 0.001);
    await writeQueryFigures();
    // What they slept, and not what they waited for a processor.
    for (const [whose, ms] of [[other, 30] as const, [tenant, 1] as const]) {
      await database.owner.query(
        `update query_hours h set total_ms = $2, max_ms = $2 from query_texts t
          where t.fingerprint = h.fingerprint and h.tenant_id = $1 and t.text like '%pg_sleep%'`,
        [whose.tenantId, ms],
      );
    }
    const mine = await slowestQueries(staff, queryFilter.parse({ tenant: tenant.tenantId }));
    expect(mine.every(({ tenants }) => tenants === 1)).toBe(true);
    const slow = mine.find(({ text }) => text.includes('pg_sleep'));
    const detail = await queryDetail(staff, queryFilter.parse({}), slow?.fingerprint ?? '');
    expect(detail?.slowest.map(({ tenantName }) => tenantName)).toEqual(['Slow one', 'Watched']);
  });

  it('of which one did not run within the window are nothing to open, and the look is on record', async () => {
    expect(await queryDetail(staff, queryFilter.parse({}), 'ffffffffffffffff')).toBeNull();
    const { rows } = await database.owner.query(
      "select from staff_access_logs where action = 'query.opened'",
    );
    expect(rows.length).toBeGreaterThan(0);
  });

  it('hold no value that anybody gave, nor any literal', async () => {
    const secret = 'c4n4ry-s3cret';
    await withTenant(tenant, (tx) =>
      tx.execute(sql`select ${secret}::text, 'c4n4ry-s3cret' as word, 424242 -- c4n4ry-s3cret`),
    );
    await writeQueryFigures();
    const { rows } = await database.owner.query(
      'select text from query_texts union all select row_to_json(h)::text from query_hours h',
    );
    expect(JSON.stringify(rows)).toContain('select $1::text, ? as word, ?');
    expect(JSON.stringify(rows)).not.toMatch(/c4n4ry|424242/);
  });

  it('leave a row of each look', async () => {
    await slowestTenants(staff, queryFilter.parse({ tenant: tenant.tenantId }));
    const { rows } = await database.owner.query(
      "select tenant_id from staff_access_logs where action = 'queries.listed' and tenant_id = $1",
      [tenant.tenantId],
    );
    expect(rows).toHaveLength(1);
  });

  it('are forgotten after 14 days', async () => {
    await read(tenant);
    await writeQueryFigures();
    await database.owner.query("update query_hours set hour = now() - interval '15 days'");
    await database.owner.query("update query_texts set seen_at = now() - interval '15 days'");
    expect(await purgeQueryFigures()).toBeGreaterThan(0);
    const { rows } = await database.owner.query('select from query_hours, query_texts');
    expect(rows).toEqual([]);
  });

  it('that cannot be written are lost and said to be; the next ones are written', async () => {
    await read(tenant);
    await database.owner.query('alter table query_hours rename to query_hours_away');
    const logged = await loggedDuring(writeQueryFigures);
    await database.owner.query('alter table query_hours_away rename to query_hours');
    expect(logged.filter(({ msg }) => msg !== 'A statement was slow')).toMatchObject([
      { statements: expect.any(Number), msg: expect.stringMatching(/could not be written/) },
    ]);
    await read(tenant);
    await writeQueryFigures();
    const queries = await slowestQueries(staff, queryFilter.parse({}));
    expect(queries.find(({ text }) => text.includes('"connections"'))?.count).toBe(1);
  });

  it('are published as a histogram per role', async () => {
    await withIdentity((tx) => tx.execute(sql`select 1`));
    const { body } = await exportMetrics();
    const name = 'tenantry_database_statement_duration_seconds';
    expect(body).toContain(`# TYPE ${name} histogram`);
    expect(body).toMatch(new RegExp(`${name}_bucket\\{role="identity",le="0.0005"\\} \\d+`));
    const count = new RegExp(`${name}_count\\{role="identity"\\} (\\d+)`).exec(body)?.[1];
    expect(body).toContain(`${name}_bucket{role="identity",le="+Inf"} ${count}`);
  });
});

describe('the log', () => {
  it('tells of a slow statement, with its ids and without parameters', async () => {
    const secret = 'c4n4ry-s3cret';
    const logged = await loggedDuring(() =>
      withLogContext({ requestId: 'request-9' }, () =>
        withTenant(tenant, (tx) => tx.execute(sql`select pg_sleep(0.26), ${secret}::text as slow`)),
      ),
    );
    // Others may be slow, too, where the machine is busy.
    const slow = logged.filter(({ sql: text }) => String(text).includes('pg_sleep'));
    expect(slow).toMatchObject([
      {
        msg: 'A statement was slow',
        request_id: 'request-9',
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
        sql: 'select pg_sleep(?), $1::text as slow',
        ms: expect.any(Number),
        rows: 1,
        role: 'app',
        tenant_id: tenant.tenantId,
      },
    ]);
    expect(JSON.stringify(logged)).not.toContain(secret);
  });

  it('tells of a statement that leaves the tenant to the policy', async () => {
    const logged = await loggedDuring(() =>
      withTenant(tenant, (tx) => tx.select({ id: connections.id }).from(connections)),
    );
    expect(logged.filter(({ msg }) => msg !== 'A statement was slow')).toMatchObject([
      {
        tables: ['connections'],
        tenant_id: tenant.tenantId,
        msg: expect.stringMatching(/whose rows/),
      },
    ]);
  });
});
