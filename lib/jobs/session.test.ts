import { once } from 'node:events';
import { Client } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { engine } from '@/db';
import { testDatabase } from '@/db/testing';
import { inngest, lossSignal, stopIfLost } from '.';
import { endedRuns, endSessionOfHolder, eventually, gate, runEngine } from './testing/harness';

const database = testDatabase();
const store = () => engine.engineStore();

afterEach(async () => {
  await store().query(
    'delete from engine.runs; delete from engine.steps; delete from engine.events',
  );
});

/** A function whose step goes on until the test ends it, and what is known of its attempts. */
function waiting() {
  const attempts: { readonly lost: AbortSignal | undefined; readonly end: () => void }[] = [];
  const known = { atOnce: 0, most: 0 };
  const fn = inngest.createFunction(
    { id: 'waiting', triggers: [{ event: 'testing/waiting' }], retries: 0 },
    ({ step }) =>
      step.run('wait', async () => {
        const { opened, open } = gate();
        known.atOnce += 1;
        known.most = Math.max(known.most, known.atOnce);
        attempts.push({ lost: lossSignal(), end: open });
        const number = attempts.length;
        await opened;
        known.atOnce -= 1;
        stopIfLost();
        return `attempt ${number}`;
      }),
  );
  return { fn, attempts, known };
}

const other = inngest.createFunction(
  { id: 'other', triggers: [{ event: 'testing/other' }] },
  async () => 'done',
);
let others = 0;

/** Whoever is at work has looked at the queue anew since this was called. */
async function everybodyLooks(): Promise<void> {
  others += 1;
  const count = others;
  await eventually(() => inngest.send({ id: `other ${count}`, name: 'testing/other', data: {} }));
  await endedRuns('other', count);
}

afterEach(() => {
  others = 0;
});

const start = () => inngest.send({ name: 'testing/waiting', data: {} });
const resultOf = async () => (await endedRuns('waiting'))[0]?.output;

async function held() {
  const { rows } = await store().query<{ worker: number | null; losses: number; state: string }>(
    `select worker, losses, state from engine.runs where function_id = 'tenantry-waiting'`,
  );
  return rows[0];
}

describe('an engine whose session ended in the middle of a step', () => {
  it('begins the step again when what it had begun has ended, and not before', async () => {
    const { fn, attempts, known } = waiting();
    await runEngine([fn, other]);
    await start();
    await eventually(() => expect(attempts).toHaveLength(1));
    const before = await held();
    await endSessionOfHolder(database.owner);
    await eventually(() => expect(attempts[0]?.lost?.aborted).toBe(true));
    await everybodyLooks();
    await engine.reclaimLostRuns(store(), 0);
    await everybodyLooks();
    expect(attempts).toHaveLength(1);
    // It has come back as who it was.
    expect(await held()).toEqual(before);
    attempts[0]?.end();
    await eventually(() => expect(attempts).toHaveLength(2));
    expect(attempts[1]?.lost?.aborted).toBe(false);
    attempts[1]?.end();
    // Without a retry to spare: that it was broken off is no failure of the step.
    expect(await resultOf()).toBe('"attempt 2"');
    expect(known.most).toBe(1);
  });

  it('keeps others from its run while it comes back', async () => {
    const { fn, attempts, known } = waiting();
    await runEngine([fn, other], { graceMs: 600_000 });
    await start();
    await eventually(() => expect(attempts).toHaveLength(1));
    await runEngine([fn, other], { graceMs: 600_000 });
    await endSessionOfHolder(database.owner);
    await eventually(() => expect(attempts[0]?.lost?.aborted).toBe(true));
    await everybodyLooks();
    await everybodyLooks();
    expect(attempts).toHaveLength(1);
    attempts[0]?.end();
    await eventually(() => expect(attempts).toHaveLength(2));
    attempts[1]?.end();
    expect(await resultOf()).toBe('"attempt 2"');
    expect(known.most).toBe(1);
  });

  it('does not go on to the next step', async () => {
    const { opened, open } = gate();
    const begun: string[] = [];
    let lost: AbortSignal | undefined;
    const fn = inngest.createFunction(
      { id: 'waiting', triggers: [{ event: 'testing/waiting' }], retries: 0 },
      async ({ step }) => {
        const first = await step.run('first', async () => {
          begun.push('first');
          lost ??= lossSignal();
          if (begun.length === 1) await opened;
          return begun.length;
        });
        const second = await step.run('second', () => begun.push('second'));
        return [first, second];
      },
    );
    await runEngine([fn, other]);
    await start();
    await eventually(() => expect(begun).toEqual(['first']));
    await endSessionOfHolder(database.owner);
    await eventually(() => expect(lost?.aborted).toBe(true));
    await everybodyLooks();
    open();
    expect(await resultOf()).toBe('[2,3]');
    expect(begun).toEqual(['first', 'first', 'second']);
  });

  it('that is not back in time begins it again itself, once what it had begun has ended', async () => {
    const { fn, attempts, known } = waiting();
    await runEngine([fn, other]);
    await start();
    await eventually(() => expect(attempts).toHaveLength(1));
    const before = await held();
    // It is taken for dead by others, as soon as its session has ended.
    await database.owner.query(
      `with dead as (delete from engine.workers returning id), freed as (
         update engine.runs set worker = null, slots = 0, fence = fence + 1 where worker is not null)
       select pg_terminate_backend(l.pid)
         from dead join pg_locks l on l.locktype = 'advisory' and l.objid::bigint = dead.id`,
    );
    await everybodyLooks();
    await eventually(async () => {
      const after = await held();
      expect(after?.worker).toEqual(expect.any(Number));
      expect(after?.worker).not.toBe(before?.worker);
    });
    expect(attempts).toHaveLength(1);
    expect(attempts[0]?.lost?.aborted).toBe(true);
    attempts[0]?.end();
    await eventually(() => expect(attempts).toHaveLength(2));
    attempts[1]?.end();
    expect(await resultOf()).toBe('"attempt 2"');
    expect(known.most).toBe(1);
  });

  it('breaks off what listens, and takes the run up at once', async () => {
    let attempts = 0;
    const fn = inngest.createFunction(
      { id: 'waiting', triggers: [{ event: 'testing/waiting' }], retries: 0 },
      ({ step }) =>
        step.run('wait', async () => {
          attempts += 1;
          const lost = lossSignal();
          if (attempts === 1 && lost) await once(lost, 'abort');
          stopIfLost();
          return attempts;
        }),
    );
    await runEngine([fn]);
    await start();
    await eventually(() => expect(attempts).toBe(1));
    await endSessionOfHolder(database.owner);
    expect(await resultOf()).toBe('2');
  });
});

describe('a database that hangs', () => {
  it('is noticed when the lease is over: what was begun is given up, and begun again', async () => {
    const { fn, attempts, known } = waiting();
    await runEngine([fn], { leaseMs: 5_000 });
    await start();
    await eventually(() => expect(attempts).toHaveLength(1));
    const blocker = new Client(database.ownerUrl);
    await blocker.connect();
    try {
      await blocker.query('begin; delete from engine.workers');
      await eventually(() => expect(attempts[0]?.lost?.aborted).toBe(true));
      await blocker.query('commit');
    } finally {
      await blocker.end();
    }
    await eventually(async () => {
      for (const { end } of attempts) end();
      expect(await held()).toMatchObject({ worker: null, state: 'completed' });
    });
    expect(attempts.length).toBeGreaterThan(1);
    expect(known.most).toBe(1);
  });
});
