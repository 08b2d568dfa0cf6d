import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { resetConnections, sql, tenantDb } from '@/db';
import { BETWEEN_LOOKS, LOOKS } from '@/db/silence';
import { testDatabase } from '@/db/testing';
import { type Between, startBetween } from './wire/testing/between';

const database = testDatabase();
let between: Between;
/** Answers of the server that were lost on their way; undefined while they arrive. */
let lost: number | undefined;

beforeEach(async () => {
  lost = undefined;
  const answer = (message: Buffer): Buffer => {
    if (lost === undefined) return message;
    lost += 1;
    return Buffer.alloc(0);
  };
  between = await startBetween(database.urls.app, { answer });
  await resetConnections({ ...database.urls, app: between.url });
  // No pool is open now: the clock that looks after connections begins with the first.
  vi.useFakeTimers({ toFake: ['setInterval'] });
});

afterEach(async () => {
  vi.useRealTimers();
  await resetConnections(database.urls);
  await between.close();
});

/** Timers of connections to a local port, by what the kernel lists of each: 2 asks after a silent peer. */
function timersTo(port: number): string[] {
  const remote = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , to, state]) => to === remote && state === '01')
    .map((fields) => fields[5]?.slice(0, 2) ?? '');
}

describe.runIf(process.platform === 'linux')('a connection that is idle', () => {
  it('is asked whether the server is still there', async () => {
    await tenantDb(await database.createTenant()).execute(sql`select 1`);
    expect(timersTo(Number(new URL(between.url).port))).toEqual(['02']);
  });
});

describe('a statement under way', () => {
  const look = (times: number) => {
    for (let look = 0; look < times; look += 1) vi.advanceTimersByTime(BETWEEN_LOOKS);
  };

  it('is given up where nothing comes of it for so long', async () => {
    const door = tenantDb(await database.createTenant());
    await door.execute(sql`select 1`);
    lost = 0;
    const answer = door.execute(sql`select 2`);
    const outcome = answer.then(
      () => 'answered',
      (error: Error) => error.name,
    );
    await vi.waitFor(() => expect(lost).toBeGreaterThan(0));
    // Whatever was read before is news at the first of them.
    look(LOOKS);
    lost = undefined;
    look(1);
    expect(await outcome).toBe('ConnectionLostError');
    expect((await door.execute(sql`select 3 as n`)).rows).toEqual([{ n: 3 }]);
  });

  it('is no silence while no statement is under way', async () => {
    const door = tenantDb(await database.createTenant());
    const pid = async () =>
      (await door.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)).rows[0]?.pid;
    const before = await pid();
    look(2 * LOOKS);
    expect(await pid()).toBe(before);
  });
});
