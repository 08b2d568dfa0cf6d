import { beforeAll, describe, expect, it } from 'vitest';
import {
  and,
  type ConnectionId,
  ConnectionLostError,
  eq,
  type QueryParameters,
  resetConnections,
  sql,
  tenantDb,
  tenantQuery,
  withTenant,
} from '@/db';
import { poolOf } from '@/db/connections';
import { connections } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import { type Pooler, startPooler } from '@/db/testing/pooler';
import { createKnownRows, type KnownRow } from '@/db/testing/rows';

const database = testDatabase();

/** Requests per test: several times more at once than there are connections. */
const REQUESTS = 3000;
const AT_ONCE = 200;

let known: readonly KnownRow[];

beforeAll(async () => {
  known = await createKnownRows(database, 25, 8);
});

const byId = tenantQuery('fault_by_id', (db, p: QueryParameters<{ id: ConnectionId }>) =>
  db
    .select()
    .from(connections)
    .where(and(eq(connections.tenantId, p.tenantId), eq(connections.id, p.id))),
);

type Row = typeof connections.$inferSelect;

/** The honest ways to ask for a row. */
const reads: ((row: KnownRow) => Promise<Row[]>)[] = [
  (row) => byId(row, { id: row.id }),
  (row) => tenantDb(row).select().from(connections).where(eq(connections.id, row.id)),
  (row) =>
    withTenant(row, async (tx) => {
      await tx.execute(sql`select 1`);
      return tx.select().from(connections).where(eq(connections.id, row.id));
    }),
];

const throwing = {
  toString: () => {
    throw new Error('this value cannot be written');
  },
  toPostgres: () => {
    throw new Error('this value cannot be written');
  },
};

/** What may go wrong beside them; each of these is expected to fail. */
const faults: ((row: KnownRow) => Promise<unknown>)[] = [
  (row) => byId(row, { id: undefined as unknown as ConnectionId }),
  (row) => tenantDb(row).execute(sql`select 1 / ${0}::int`),
  (row) => tenantDb(row).execute(sql`select ${'not a number'}::int`),
  (row) => tenantDb(row).execute(sql`select ${throwing}::text`),
  (row) => tenantDb(row).execute(sql`this is not sql`),
  (row) => tenantDb(row).execute(sql`begin`),
  (row) => withTenant(row, (tx) => tx.execute(sql`select ${throwing}::text`)),
  (row) =>
    withTenant(row, async (tx) => {
      await tx.select().from(connections).limit(3);
      throw new Error('the request failed');
    }),
  (row) => withTenant(row, (tx) => tx.execute(sql`select 1 / ${0}::int`)),
  aborted((row, signal) =>
    tenantDb(row, { signal }).execute(sql`select pg_sleep(${Math.random() / 50}), 1 / ${0}::int`),
  ),
  aborted((row, signal) =>
    withTenant(
      row,
      async (tx) => {
        for (;;) await tx.select().from(connections).where(eq(connections.id, row.id));
      },
      { signal },
    ),
  ),
];

/** A request whose client goes away at some moment: before, while waiting, or in mid answer. */
function aborted(
  work: (row: KnownRow, signal: AbortSignal) => Promise<unknown>,
): (row: KnownRow) => Promise<unknown> {
  return (row) => work(row, AbortSignal.timeout(Math.floor(Math.random() * 15)));
}

const pick = <T>(from: readonly T[]): T => from[Math.floor(Math.random() * from.length)] as T;

interface Tally {
  right: number;
  wrong: number;
  lost: number;
  faults: number;
  /** Faults that were answered as if nothing had been wrong. */
  unnoticed: number;
}

/** Mixed requests, `AT_ONCE` at a time, one in three of them faulty. */
async function storm(requests: number): Promise<Tally> {
  const tally: Tally = { right: 0, wrong: 0, lost: 0, faults: 0, unnoticed: 0 };
  let left = requests;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      const row = pick(known);
      if (Math.random() < 1 / 3) {
        tally.faults += 1;
        await pick(faults)(row).then(
          () => {
            tally.unnoticed += 1;
          },
          () => {},
        );
        continue;
      }
      const rows = await pick(reads)(row).catch(() => undefined);
      const [only] = rows ?? [];
      const itself = only?.id === row.id && only.accountEmail === row.tenantId;
      if (!rows) tally.lost += 1;
      else if (rows.length === 1 && itself) tally.right += 1;
      else tally.wrong += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  return tally;
}

const setting = "select coalesce(current_setting('app.tenant', true), '')";

describe('under faults and more requests than connections', () => {
  it('no request ever gets another row than its own, and no honest one fails', async () => {
    const tally = await storm(REQUESTS);
    expect(tally).toMatchObject({ wrong: 0, lost: 0, unnoticed: 0 });
    expect(tally.right + tally.faults).toBe(REQUESTS);
    expect(tally.faults).toBeGreaterThan(REQUESTS / 5);
  });

  it('no tenant stays behind on a connection', async () => {
    await storm(300);
    const pool = poolOf('app');
    const seen = await Promise.all(
      Array.from({ length: pool.totalCount }, () => pool.query<{ coalesce: string }>(setting)),
    );
    expect(new Set(seen.map(({ rows }) => rows[0]?.coalesce))).toEqual(new Set(['']));
  });

  it('no request gets a wrong row while the server ends connections', async () => {
    let over = false;
    const killing = (async () => {
      while (!over) {
        await database.owner.query(
          `select pg_terminate_backend(pid, 1000) from pg_stat_activity
            where usename = 'tenantry_app' and datname = current_database()
            order by random() limit 1`,
        );
      }
    })();
    const tally = await storm(1000);
    over = true;
    await killing;
    expect(tally).toMatchObject({ wrong: 0, unnoticed: 0 });
    expect(tally.right).toBeGreaterThan(0);
    // And afterwards all is as before.
    expect(await storm(200)).toMatchObject({ wrong: 0, lost: 0, unnoticed: 0 });
  });
});

describe('a value too large to be read', () => {
  it('ends its connection, and no other', async () => {
    const [mine] = known as [KnownRow];
    const large = tenantDb(mine).execute(sql`select repeat('x', 70000000)`);
    await expect(large).rejects.toThrow(ConnectionLostError);
    expect(await byId(mine, { id: mine.id })).toHaveLength(1);
    const { totalCount, idleCount } = poolOf('app');
    expect(idleCount).toBe(totalCount);
  });
});

describe('behind a transaction pooler', () => {
  let pooler: Pooler;

  beforeAll(async () => {
    pooler = await startPooler(database.urls.app, 4);
    await resetConnections({ ...database.urls, app: pooler.url });
    return async () => {
      await resetConnections(database.urls);
      await pooler.close();
    };
  });

  it('no request gets a wrong row though its transactions change backends', async () => {
    const tally = await storm(REQUESTS);
    expect(tally).toMatchObject({ wrong: 0, lost: 0, unnoticed: 0 });
    expect(pooler.switches()).toBeGreaterThan(REQUESTS / 10);
  });

  it('no tenant stays behind on a backend', async () => {
    await storm(300);
    await resetConnections({ ...database.urls, app: pooler.url });
    const seen = await pooler.onEachBackend(setting);
    expect(seen.length).toBeGreaterThan(0);
    expect(new Set(seen)).toEqual(new Set(['']));
  });

  it('an unscoped statement finds no row there', async () => {
    await storm(100);
    const { rows } = await poolOf('app').query('select count(*)::int as n from connections');
    expect(rows).toEqual([{ n: 0 }]);
  });
});
