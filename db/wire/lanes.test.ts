import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConnectionId, QueryParameters } from '@/db';

// One lane, and three connections beside it.
vi.stubEnv('DATABASE_POOL', '4');
const { and, eq, resetConnections, tenantQuery } = await import('@/db');
const { poolOf } = await import('@/db/connections');
const { connections } = await import('@/db/schema');
const { tenantEntry } = await import('@/db/tenant-scope');
const { testDatabase } = await import('@/db/testing');
const { startPooler } = await import('@/db/testing/pooler');
const { createKnownRows } = await import('@/db/testing/rows');
const { exchangeShared, onlyReads } = await import('./lanes');
const { isShort, noteLong, notePace, SHORT } = await import('./pace');
const { exchange, takeConnection } = await import('./pool');
const { Statements } = await import('./statements');

vi.setConfig({ testTimeout: 90_000 });
const database = testDatabase();
type Row = Awaited<ReturnType<typeof createKnownRows>>[number];
let rows: readonly Row[];

const texts = {
  row: 'select pg_backend_pid(), account_email from connections where tenant_id = $1 and id = $2',
  blocked: 'select pg_backend_pid(), id from discoveries where tenant_id = $1 and id = $2',
} as const;

const work = (what: keyof typeof texts, row: Row) => ({
  preludes: tenantEntry(row).scope,
  statement: { name: `lanes_test_${what}`, text: texts[what], rowMode: 'array' as const },
  values: [row.tenantId, row.id],
});

const ask = async (what: keyof typeof texts, row: Row) => {
  const outcome = await exchangeShared(poolOf('app'), work(what, row));
  if (outcome.error) throw outcome.error;
  return outcome.result.rows as unknown as [number, string][];
};

/** It has been seen to be short as often as it takes. */
function knownToBeShort(name: string): void {
  for (let run = 0; run < 100; run += 1) {
    notePace(name, { sentAt: 0, readyAt: 1, error: new Error('of no interest'), broken: false });
  }
}

/** All connections know both statements. */
async function learn(): Promise<void> {
  const held = await Promise.all([1, 2, 3, 4].map(() => takeConnection(poolOf('app'))));
  for (const { client, release } of held) {
    for (const what of ['row', 'blocked'] as const)
      await exchange(client, work(what, rows[0] as Row));
    release();
  }
  for (const what of ['row', 'blocked'] as const) knownToBeShort(`lanes_test_${what}`);
}

async function untilBlocked(backends: number): Promise<void> {
  for (;;) {
    const { rowCount } = await database.owner.query(
      "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
    );
    if ((rowCount ?? 0) >= backends) return;
  }
}

/** While a read is under way that waits for a lock. */
async function besideAnother(work: () => Promise<void>): Promise<void> {
  await database.owner.query('begin');
  await database.owner.query('lock table discoveries in access exclusive mode');
  const other = ask('blocked', rows[0] as Row);
  await untilBlocked(1);
  try {
    await work();
  } finally {
    await database.owner.query('rollback');
  }
  expect(await other).toEqual([]);
}

beforeAll(async () => {
  rows = await createKnownRows(database, 6, 4);
});

const tenants = (from: number, to: number) => some(from, to).map(({ tenantId }) => tenantId);
const some = (from: number, to: number) => rows.slice(from, to) as Row[];

describe('reads that are asked for together', () => {
  beforeEach(async () => {
    await resetConnections(database.urls);
    await learn();
  });

  it('share a connection while others are under way, and each gets its own', async () => {
    // So that nobody is found to be held up, however slow the machine is.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      await besideAnother(async () => {
        const answers = await Promise.all(some(0, 4).map((row) => ask('row', row)));
        expect(answers.map(([row]) => row?.[1])).toEqual(tenants(0, 4));
        expect(new Set(answers.map(([row]) => row?.[0])).size).toBe(1);
      });
    } finally {
      vi.useRealTimers();
    }
  });

  it('do not share one when they may be aborted', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const statement = { name: 'lanes_test_row', text: texts.row, rowMode: 'array' } as const;
    const { signal } = new AbortController();
    const backend = async (row: Row, given?: AbortSignal) => {
      const statements = new Statements(tenantEntry(row), given, true);
      const { rows } = await statements.query(statement, [row.tenantId, row.id]);
      const [[pid, whose]] = rows as unknown as [[number, string]];
      expect(whose).toBe(row.tenantId);
      return pid;
    };
    try {
      await besideAnother(async () => {
        const [one, two, three, four] = some(0, 4) as [Row, Row, Row, Row];
        const pids = await Promise.all([
          backend(one, signal),
          backend(two, signal),
          backend(three),
          backend(four),
        ]);
        expect(new Set(pids.slice(0, 2)).size).toBe(2);
        expect(new Set(pids.slice(2)).size).toBe(1);
        expect(pids.slice(0, 2)).not.toContain(pids[2]);
      });
    } finally {
      vi.useRealTimers();
    }
  });

  it('do not share one when they are not known to be short', async () => {
    noteLong('lanes_test_row');
    await besideAnother(async () => {
      const answers = await Promise.all(some(0, 3).map((row) => ask('row', row)));
      expect(answers.map(([row]) => row?.[1])).toEqual(tenants(0, 3));
      expect(new Set(answers.map(([row]) => row?.[0])).size).toBe(3);
    });
  });

  it('do not board while somebody waits for a connection, who gets the next one', async () => {
    const pool = poolOf('app');
    let late: Promise<unknown> | undefined;
    let waiting: ReturnType<typeof takeConnection> | undefined;
    let riding: Promise<unknown> | undefined;
    const kept: Awaited<ReturnType<typeof takeConnection>>[] = [];
    await besideAnother(async () => {
      // One is a lane now, and the rest of the four connections are in use too.
      riding = ask('blocked', rows[1] as Row);
      await untilBlocked(2);
      kept.push(await takeConnection(pool), await takeConnection(pool));
      waiting = takeConnection(pool);
      late = ask('row', rows[2] as Row);
      await new Promise((resolve) => setImmediate(resolve));
      expect(pool.waitingCount).toBe(2);
    });
    (await waiting)?.release();
    expect(await late).toEqual([[expect.any(Number), rows[2]?.tenantId]]);
    expect(await riding).toEqual([]);
    for (const { release } of kept) release();
  });

  it('are told so when the pool has been closed', async () => {
    let closed: Promise<void> | undefined;
    await besideAnother(async () => {
      const late = some(1, 4).map((row) => exchangeShared(poolOf('app'), work('row', row)));
      closed = resetConnections(database.urls);
      for (const { error } of await Promise.all(late)) expect(error).toBeInstanceOf(Error);
    });
    await closed;
  });
});

describe('a connection that is asked for', () => {
  it('is had, though the pool is closed in the same turn', async () => {
    (await takeConnection(poolOf('app'))).release();
    const taking = takeConnection(poolOf('app'));
    const closed = resetConnections(database.urls);
    const what = await Promise.race([taking.then(() => 'had'), closed.then(() => 'closed')]);
    expect(what).toBe('had');
    (await taking).release();
    await closed;
  });
});

const byId = tenantQuery('lanes_by_id', (db, p: QueryParameters<{ id: ConnectionId }>) =>
  db
    .select()
    .from(connections)
    .where(and(eq(connections.tenantId, p.tenantId), eq(connections.id, p.id))),
);

/** Waves of reads, some of which fail; how many were answered otherwise than they ought to be. */
async function wavesOfReads(waves: number): Promise<number> {
  let wrong = 0;
  for (let wave = 0; wave < waves; wave += 1) {
    knownToBeShort('tenantry_q_lanes_by_id');
    const asked = some(0, 1 + (wave % rows.length)).map(async (row, at) => {
      const bad = (wave + at) % 7 === 0;
      const id = bad ? ('not an id' as ConnectionId) : row.id;
      const found = await byId(row, { id }).catch(() => undefined);
      const [only] = found ?? [];
      const right = only?.id === row.id && only.accountEmail === row.tenantId;
      if (bad ? found !== undefined : !right) wrong += 1;
    });
    await Promise.all(asked);
  }
  return wrong;
}

describe('waves of reads', () => {
  it('are answered each with its own, whichever fails', async () => {
    expect(await wavesOfReads(60)).toBe(0);
  });

  it('are so behind a transaction pooler, where each is on another backend', async () => {
    const pooler = await startPooler(database.urls.app, 3);
    await resetConnections({ ...database.urls, app: pooler.url });
    try {
      expect(await wavesOfReads(60)).toBe(0);
      expect(pooler.switches()).toBeGreaterThan(50);
    } finally {
      await resetConnections(database.urls);
      await pooler.close();
    }
  });
});

it('a statement is short when its last runs were, and not when it was held up once', () => {
  const run = (ms: number) =>
    notePace('pace', { sentAt: 0, readyAt: ms, error: new Error('of no interest'), broken: false });
  run(1);
  expect(isShort('pace')).toBe(false);
  knownToBeShort('pace');
  expect(isShort('pace')).toBe(true);
  run(SHORT + 1);
  expect(isShort('pace')).toBe(false);
  run(1);
  expect(isShort('pace')).toBe(false);
  expect(isShort(undefined)).toBe(false);
});

it.each([
  ['select 1', true],
  ['  SELECT "id" from "t" where "x" = $1', true],
  ['select 1 from t for update', false],
  ['select 1 from t for no key update', false],
  ['select 1 into t', false],
  ["select nextval('s')", false],
  ['select pg_advisory_xact_lock(1)', false],
  ['with x as (delete from t returning 1) select * from x', false],
  ['insert into t values (1)', false],
  ['/* select */ delete from t', false],
])('only reads, as far as its text tells: %s is %s', (text, reads) => {
  expect(onlyReads(text)).toBe(reads);
});
