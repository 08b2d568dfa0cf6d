import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { engine } from '@/db';
import { testDatabase } from '@/db/testing';
import { inngest } from './client';
import { endedRuns, eventually, gate, runEngine } from './testing/harness';
import { twoSteps } from './testing/two-steps';

const database = testDatabase();

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await engine
    .engineStore()
    .query('delete from engine.runs; delete from engine.steps; delete from engine.events');
});

const start = () => inngest.send({ name: 'testing/two-steps', data: {} });
const resultOf = async () => JSON.parse((await endedRuns('two-steps'))[0]?.output ?? '');

/** A worker in a process of its own; resolves with its messages once it is at work. */
async function startDoomedWorker(): Promise<{ child: ChildProcess; messages: string[] }> {
  const script = fileURLToPath(new URL('./testing/doomed-worker.ts', import.meta.url));
  const child = fork(script, { execArgv: ['--import', 'tsx'] });
  children.push(child);
  const messages: string[] = [];
  child.on('message', (message) => messages.push(String(message)));
  await eventually(() => expect(messages).toContain('ready'));
  return { child, messages };
}

describe('a worker that is killed in the middle of a step', () => {
  // Its lease would have lasted for an hour.
  it('loses its run soon; done steps stay done, the step under way is done again', async () => {
    const { child, messages } = await startDoomedWorker();
    await start();
    await eventually(() => expect(messages).toContain('second'));
    const executed: string[] = [];
    const fn = twoSteps((step) => {
      executed.push(step);
      return 'by the survivor';
    });
    await runEngine([fn], { graceMs: 50 });
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    expect(await resultOf()).toEqual({ first: `by ${child.pid}`, second: 'by the survivor' });
    expect(executed).toEqual(['second']);
  });
});

describe('a lease', () => {
  const limits = [{ functionId: 'tenantry-two-steps', perLane: null, total: null }];
  const claim = (worker: number) =>
    engine.takeTurn(engine.engineStore(), { claim: { worker, limits, free: 5 } });
  const deaf = { onWake: () => {}, onLost: () => {} };

  async function waitingRun(): Promise<void> {
    await start();
    const stopped = await runEngine([twoSteps(() => gate().opened)], { pollMs: 10 });
    await eventually(async () => {
      const { rows } = await engine.engineStore().query('select from engine.runs');
      expect(rows).toHaveLength(1);
    });
    await stopped.stop(0);
  }

  const release = (runId: string, worker: number, fence: number) =>
    engine.commitProgress(engine.engineStore(), [
      {
        runId,
        worker,
        fence,
        steps: [],
        change: { type: 'end', state: 'completed', output: '"late"' },
        event: undefined,
      },
    ]);

  it('that has run out gives the run to others, and its old holder cannot commit', async () => {
    const store = engine.engineStore();
    await waitingRun();
    const slow = await engine.openWorkerSession(store, { leaseMs: 60_000 }, deaf);
    const [held] = (await claim(slow.id)).runs;
    expect(await engine.reclaimLostRuns(store, 0)).toBe(0);
    await engine.renewLease(store, slow.id, -1);
    expect(await engine.reclaimLostRuns(store, 0)).toBe(1);
    const quick = await engine.openWorkerSession(store, { leaseMs: 60_000 }, deaf);
    const [again] = (await claim(quick.id)).runs;
    expect(again?.id).toBe(held?.id);
    expect(await release(held?.id ?? '', slow.id, held?.fence ?? 0)).toEqual(new Set());
    expect(await release(again?.id ?? '', quick.id, again?.fence ?? 0)).toEqual(
      new Set([again?.id]),
    );
    slow.close();
    quick.close();
  });

  it('ends with the session that holds its lock, however long it was to last', async () => {
    const store = engine.engineStore();
    await waitingRun();
    const dying = await engine.openWorkerSession(store, { leaseMs: 3_600_000 }, deaf);
    await claim(dying.id);
    dying.close();
    await eventually(async () => expect(await engine.reclaimLostRuns(store, 0)).toBe(1));
  });

  it('is given to one of two that ask at the same time', async () => {
    const store = engine.engineStore();
    await waitingRun();
    const sessions = await Promise.all(
      [1, 2].map(() => engine.openWorkerSession(store, { leaseMs: 60_000 }, deaf)),
    );
    const claims = await Promise.all(sessions.map(({ id }) => claim(id)));
    expect(claims.flatMap(({ runs }) => runs)).toHaveLength(1);
    for (const session of sessions) session.close();
  });
});

describe('an engine', () => {
  it('shares the queue with another one, and each run is executed once', async () => {
    const executed: string[] = [];
    const fn = inngest.createFunction(
      { id: 'shared', triggers: [{ event: 'testing/shared' }] },
      async ({ event, step }) => {
        await step.run('work', () => executed.push(event.data.n));
      },
    );
    await Promise.all([runEngine([fn], { concurrency: 4 }), runEngine([fn], { concurrency: 4 })]);
    await inngest.send(
      Array.from({ length: 40 }, (_, n) => ({ name: 'testing/shared', data: { n } })),
    );
    await endedRuns('shared', 40);
    expect(new Set(executed).size).toBe(40);
    expect(executed).toHaveLength(40);
  });

  it('that is stopped lets the step under way end and leaves the rest to others', async () => {
    const hold = gate();
    const begun = gate();
    const first = twoSteps(async (step) => {
      begun.open();
      await hold.opened;
      return `${step} by the first`;
    });
    const leaving = await runEngine([first]);
    await start();
    await begun.opened;
    const stopped = leaving.stop(5_000);
    hold.open();
    await stopped;
    await runEngine([twoSteps((step) => `${step} by the next`)]);
    const { first: one } = await resultOf();
    expect(one).toBe('first by the first');
  });

  it('that cannot wait any longer gives its run away, and its late result does not count', async () => {
    const hold = gate();
    const begun = gate();
    const leaving = await runEngine([
      twoSteps(async () => {
        begun.open();
        await hold.opened;
        return 'too late';
      }),
    ]);
    await start();
    await begun.opened;
    await leaving.stop(10);
    await runEngine([twoSteps((step) => `${step} by the next`)]);
    hold.open();
    expect(await resultOf()).toEqual({ first: 'first by the next', second: 'second by the next' });
  });

  it('goes on after losing every connection to the database', async () => {
    await runEngine([twoSteps((step) => step)]);
    await database.owner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where usename = 'tenantry_engine' and datname = current_database()`,
    );
    // By one id: the answer to an attempt that got through may be what was lost.
    await eventually(() => inngest.send({ id: 'again', name: 'testing/two-steps', data: {} }));
    expect(await resultOf()).toEqual({ first: 'first', second: 'second' });
  });
});
