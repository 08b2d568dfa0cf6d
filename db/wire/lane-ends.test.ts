import { setImmediate as phase } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { poolOf } from '@/db/connections';
import { tenantEntry } from '@/db/tenant-scope';
import { testDatabase } from '@/db/testing';
import { createKnownRows, type KnownRow } from '@/db/testing/rows';
import type { Outcome } from './exchange';
import { DEPTH } from './lane';
import { busy } from './outbox';
import type { Work } from './pool';
import {
  ride as aboard,
  isGone,
  rowsOf,
  untilBlocked,
  type What,
  whileLocked,
  work,
} from './testing/lanes';

/** When a lane ends, and in what state it leaves its connection. */

const database = testDatabase();
let row: KnownRow;

const ride = (known?: readonly What[]) => aboard(row, known);
const own = () => [[expect.any(Number), row.tenantId]];

beforeAll(async () => {
  [row] = (await createKnownRows(database, 1, 1)) as [KnownRow];
});

// Nobody is held up for too long, however slow the machine is.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

describe('a connection', () => {
  it('is not given back while somebody is aboard who came when it was empty', async () => {
    const trip = await ride(['row', 'blocked']);
    let late: Promise<Outcome> | undefined;
    await whileLocked(database, async () => {
      const first = trip.go(work('row', row));
      trip.lane.post();
      await first;
      // In the same turn: the lane has seen that it is empty, and has not left yet.
      late = trip.go(work('blocked', row));
      trip.lane.post();
      await phase();
      expect(trip.leaves).toBe(0);
      await untilBlocked(database, trip.pid);
    });
    expect(rowsOf((await late) as Outcome)).toEqual([]);
    await trip.left;
  });

  it('is given back once, though its end is seen twice in a turn', async () => {
    const trip = await ride();
    const { totalCount } = poolOf('app');
    const first = trip.go(work('row', row));
    trip.lane.post();
    await first;
    const second = trip.go(work('row', row));
    trip.held.client.connection.stream.destroy(new Error('reset'));
    expect((await second).broken).toBe(true);
    expect(trip.leaves).toBe(0);
    await trip.left;
    await phase();
    expect(trip.leaves).toBe(1);
    await isGone(database, trip.pid);
    expect(poolOf('app').totalCount).toBe(totalCount - 1);
  });

  it('is given back after so many exchanges, though somebody is always aboard', async () => {
    const trip = await ride();
    let rides = 0;
    for (; trip.lane.takes(work('row', row)); rides += DEPTH) {
      const asked = Array.from({ length: DEPTH }, () => trip.go(work('row', row)));
      trip.lane.post();
      for (const outcome of await Promise.all(asked)) expect(rowsOf(outcome)).toEqual(own());
      expect(rides).toBeLessThan(1_000);
    }
    expect(trip.leaves).toBe(0);
    await trip.left;
    expect(rides).toBe(1_000);
  });

  it('is closed when someone has left a transaction open, who is told so', async () => {
    const trip = await ride();
    const begin = { preludes: [], statement: { text: 'begin' }, values: [] };
    const first = new Promise<Outcome>((ended) => trip.lane.board({ work: begin, ended }));
    const second = trip.go(work('row', row));
    trip.lane.post();
    expect(await first).toMatchObject({ result: { command: 'BEGIN' }, broken: true });
    expect(rowsOf(await second)).toEqual(own());
    expect(trip.rescued).toBe(1);
    await trip.left;
    await isGone(database, trip.pid);
  });
});

describe('who cannot be written down', () => {
  /** A value that fails while it is written. */
  const unwritten = (): Work => {
    const value = Buffer.from('x');
    value.copy = () => {
      throw new Error('This cannot be written.');
    };
    return { ...work('row', row), values: [row.tenantId, value] };
  };
  const error = expect.objectContaining({ message: 'This cannot be written.' });

  it.each([0, 1, 2])('is told so as number %i, and nobody else is', async (bad) => {
    const trip = await ride();
    const asked = [0, 1, 2].map((at) => trip.go(at === bad ? unwritten() : work('row', row)));
    trip.lane.post();
    const outcomes = (await Promise.all(asked)).map(rowsOf);
    await trip.left;
    expect(outcomes.splice(bad, 1)).toEqual([error]);
    expect(outcomes).toEqual([own(), own()]);
    expect([trip.rescued, busy()]).toEqual([0, false]);
  });

  it('leaves no lane without an end', async () => {
    const trip = await ride();
    const { idleCount } = poolOf('app');
    const outcome = await trip.go(unwritten());
    await phase();
    const { leaves } = trip;
    // So that the pool can be closed all the same.
    if (leaves === 0) trip.held.release();
    expect([rowsOf(outcome), leaves, busy()]).toEqual([error, 1, false]);
    expect(poolOf('app').idleCount).toBe(idleCount + 1);
  });
});

it('those aboard are under way for all others, until each is answered', async () => {
  const trip = await ride();
  const seen = [busy()];
  const asked = [trip.go(work('row', row)), trip.go(work('row', row))];
  seen.push(busy());
  trip.lane.post();
  await Promise.all(asked);
  seen.push(busy());
  await trip.left;
  expect(seen).toEqual([false, true, false]);
});

it('a lane takes nothing whose preludes its connection has not parsed', async () => {
  const trip = await ride();
  const known = work('row', row);
  const { scope } = tenantEntry(row);
  const taken = [undefined, 'lane_test_prelude'].map((name) => {
    const preludes = [...scope, { name, text: 'select 1', values: [] }];
    return trip.lane.takes({ ...known, preludes });
  });
  const last = trip.go(known);
  trip.lane.post();
  await last;
  await trip.left;
  expect(taken).toEqual([false, false]);
});
