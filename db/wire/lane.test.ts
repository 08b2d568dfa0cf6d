import { setImmediate as phase } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { resetConnections } from '@/db/connections';
import { tenantEntry } from '@/db/tenant-scope';
import { testDatabase } from '@/db/testing';
import { createKnownRows, type KnownRow } from '@/db/testing/rows';
import { signContext } from '../context-token';
import type { Outcome, Prelude } from './exchange';
import { DEPTH } from './lane';
import { SHORT } from './pace';
import type { Work } from './pool';
import {
  ride as aboard,
  isGone,
  keepUnread,
  rowsOf,
  texts,
  untilBlocked,
  type What,
  whileLocked,
  work,
} from './testing/lanes';

/** What rides on one connection, whatever becomes of it and of those aboard. */

const database = testDatabase();
let rows: readonly KnownRow[];

const failing = (row: KnownRow): Work => ({ ...work('failing', row), values: [row.tenantId, '0'] });
const setting = (row: KnownRow): Work => ({
  ...work('setting', row),
  values: [row.tenantId, 'LATIN1'],
});

/** A context that the database does not take. */
function refused({ tenantId }: KnownRow, how: 'forged' | 'expired'): readonly Prelude[] {
  const [scope] = tenantEntry({ tenantId }).scope as [Prelude];
  const now = Math.floor(Date.now() / 1_000);
  const { contextKey } = database.urls;
  const token =
    how === 'forged'
      ? `${signContext(contextKey, tenantId, now + 600).slice(0, -4)}AAA=`
      : signContext(contextKey, tenantId, now - 3_600);
  return [{ ...scope, values: [token], answer: token }];
}

const ride = (known?: readonly What[]) => aboard(rows[0] as KnownRow, known);

const own = (row: KnownRow) => [[expect.any(Number), row.tenantId]];

beforeAll(async () => {
  rows = await createKnownRows(database, 4, 2);
  await database.owner.query('grant execute on function pg_catalog.set_config to public');
});

/** Of different tenants. */
const riders = () => [0, 2, 4, 6].map((at) => rows[at]) as [KnownRow, KnownRow, KnownRow, KnownRow];

// Who is held up for too long is for each test to say.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

describe('those on one connection', () => {
  it('get their own rows, each as its own tenant, in one go', async () => {
    const { lane, go, pid, left } = await ride();
    const asked = riders().map((row) => go(work('row', row)));
    lane.post();
    const outcomes = await Promise.all(asked);
    expect(outcomes.map(rowsOf)).toEqual(riders().map(({ tenantId }) => [[pid, tenantId]]));
    await left;
    expect(
      await database.owner.query('select from pg_stat_activity where pid = $1', [pid]),
    ).toEqual(expect.objectContaining({ rowCount: 1 }));
  });

  it('find nothing of another tenant, though he is aboard', async () => {
    const { lane, go } = await ride();
    const [mine, theirs] = riders();
    const asked = [
      go(work('row', theirs)),
      go({ ...work('row', theirs), preludes: tenantEntry(mine).scope }),
      go(work('row', theirs)),
    ];
    lane.post();
    expect((await Promise.all(asked)).map(rowsOf)).toEqual([own(theirs), [], own(theirs)]);
  });

  it.each([0, 1, 2, 3])('do not hear of the error of number %i', async (bad) => {
    const { lane, go, pid, left } = await ride(['row', 'failing']);
    const asked = riders().map((row, at) => go(at === bad ? failing(row) : work('row', row)));
    lane.post();
    const outcomes = (await Promise.all(asked)).map(rowsOf);
    expect(outcomes.splice(bad, 1)).toEqual([expect.objectContaining({ code: '22012' })]);
    const others = riders().filter((_row, at) => at !== bad);
    expect(outcomes).toEqual(others.map(({ tenantId }) => [[pid, tenantId]]));
    await left;
  });

  it.each([
    ['forged', 0],
    ['forged', 1],
    ['forged', 3],
    ['expired', 0],
    ['expired', 2],
  ] as const)('are not served by a context that is %s, of number %i', async (how, bad) => {
    const trip = await ride();
    const asked = riders().map((row, at) =>
      trip.go(work('row', row, at === bad ? refused(row, how) : undefined)),
    );
    trip.lane.post();
    const outcomes = (await Promise.all(asked)).map(rowsOf);
    expect(outcomes.splice(bad, 1)).toEqual([expect.objectContaining({ code: 'TC001' })]);
    const others = riders().filter((_row, at) => at !== bad);
    expect(outcomes).toEqual(others.map(({ tenantId }) => [[trip.pid, tenantId]]));
    await trip.left;
  });

  it.each([0, 1, 3])(
    'are answered elsewhere once the scope of number %s was not taken',
    async (bad) => {
      const trip = await ride();
      const [scope] = tenantEntry(riders()[0]).scope as [Prelude];
      const asked = riders().map((row, at) =>
        trip.go(work('row', row, at === bad ? [{ ...scope, answer: 'another' }] : undefined)),
      );
      trip.lane.post();
      const outcomes = (await Promise.all(asked)).map(rowsOf);
      expect(outcomes.splice(bad, 1)).toEqual([expect.any(Error)]);
      const others = riders().filter((_row, at) => at !== bad);
      expect(outcomes).toEqual(others.map(own));
      expect(trip.rescued).toBe(3 - bad);
      await trip.left;
      await isGone(database, trip.pid);
    },
  );

  it('are answered elsewhere once one of them has changed a setting', async () => {
    const trip = await ride(['row', 'setting']);
    const [first, second, third] = riders();
    const asked = [
      trip.go(work('row', first)),
      trip.go(setting(second)),
      trip.go(work('row', third)),
    ];
    trip.lane.post();
    const [before, , after] = await Promise.all(asked);
    expect(rowsOf(before as Outcome)).toEqual(own(first));
    expect(rowsOf(after as Outcome)).toEqual(own(third));
    expect(trip.rescued).toBe(1);
    await trip.left;
    await isGone(database, trip.pid);
  });
});

describe('when one of them waits for something', () => {
  const held = (during: () => Promise<void>) => whileLocked(database, during);

  it.each([0, 1])('those behind number %i are answered elsewhere before long', async (slow) => {
    const trip = await ride(['row', 'blocked']);
    let blocked: Promise<Outcome> | undefined;
    await held(async () => {
      const asked = riders().map((row, at) => trip.go(work(at === slow ? 'blocked' : 'row', row)));
      blocked = asked[slow];
      trip.lane.post();
      await untilBlocked(database, trip.pid);
      await Promise.all(asked.slice(0, slow));
      // The first look may have come too early.
      vi.advanceTimersByTime(2 * SHORT);
      await phase();
      expect(trip.rescued).toBe(3 - slow);
      expect(trip.lane.takes(work('row', riders()[0]))).toBe(false);
      const others = asked.filter((_each, at) => at !== slow);
      expect((await Promise.all(others)).map(rowsOf)).toEqual(
        riders()
          .filter((_row, at) => at !== slow)
          .map(own),
      );
    });
    expect(rowsOf((await blocked) as Outcome)).toEqual([]);
    await trip.left;
  });

  it('which is for this process to read the answer, nobody is answered elsewhere', async () => {
    const trip = await ride();
    const unread = keepUnread(trip.held);
    const asked = riders()
      .slice(0, 3)
      .map((row) => trip.go(work('row', row)));
    trip.lane.post();
    await unread.hasCome(3);
    vi.advanceTimersByTime(2 * SHORT);
    unread.readOne();
    await asked[0];
    await phase();
    unread.readOn();
    expect(trip.rescued).toBe(0);
    expect((await Promise.all(asked)).map(rowsOf)).toEqual(riders().slice(0, 3).map(own));
    await trip.left;
  });

  it('and its connection is lost, it is told so and those behind are answered elsewhere', async () => {
    const trip = await ride(['row', 'blocked']);
    await held(async () => {
      const [first, second, third, fourth] = riders();
      const asked = [
        trip.go(work('row', first)),
        trip.go(work('blocked', second)),
        trip.go(work('row', third)),
        trip.go(work('row', fourth)),
      ];
      trip.lane.post();
      await untilBlocked(database, trip.pid);
      await database.owner.query('select pg_terminate_backend($1)', [trip.pid]);
      const [one, two, three, four] = (await Promise.all(asked)) as [
        Outcome,
        Outcome,
        Outcome,
        Outcome,
      ];
      expect([one, three, four].map(rowsOf)).toEqual([first, third, fourth].map(own));
      expect(two).toMatchObject({ error: expect.any(Error), broken: true });
      await trip.left;
    });
  });

  it('a pool that is closed meanwhile ends when all are answered', async () => {
    const trip = await ride(['row', 'blocked']);
    let asked: Promise<Outcome>[] = [];
    let closed: Promise<void> | undefined;
    await held(async () => {
      asked = riders().map((row, at) => trip.go(work(at === 0 ? 'blocked' : 'row', row)));
      trip.lane.post();
      await untilBlocked(database, trip.pid);
      closed = resetConnections(database.urls);
    });
    const [first, ...others] = (await Promise.all(asked)).map(rowsOf);
    expect(first).toEqual([]);
    expect(others).toEqual(riders().slice(1).map(own));
    await closed;
  });
});

describe('a lane takes', () => {
  it('nothing that its connection has not parsed', async () => {
    const { lane, go } = await ride(['row']);
    expect(lane.takes(work('failing', riders()[0]))).toBe(false);
    const last = go(work('row', riders()[0]));
    lane.post();
    await last;
  });

  it('no other statement of a name that it knows', async () => {
    const { lane, go } = await ride(['row']);
    const known = work('row', riders()[0]);
    const other = { ...known.statement, text: texts.failing };
    expect(lane.takes({ ...known, statement: other })).toBe(false);
    const last = go(known);
    lane.post();
    await last;
  });

  it('as many as may wait for one another', async () => {
    const { lane, go } = await ride(['row']);
    const [row] = riders();
    const asked = Array.from({ length: DEPTH }, () => go(work('row', row)));
    expect(lane.takes(work('row', row))).toBe(false);
    lane.post();
    await Promise.all(asked);
  });
});

it('a connection that is lost before it is written to costs the first one, and no other', async () => {
  const { held, lane, go, left } = await ride(['row']);
  const asked = riders().map((row) => go(work('row', row)));
  held.client.connection.stream.destroy();
  lane.post();
  const [first, ...others] = await Promise.all(asked);
  expect((first as Outcome).error).toBeInstanceOf(Error);
  expect(others.map(rowsOf)).toEqual(riders().slice(1).map(own));
  await left;
});
