import { describe, expect, it } from 'vitest';
import { type JobId, newId } from '@/db';
import { testDatabase } from '@/db/testing';
import { cancelOnJob, cancelRun, jobCancelled } from './cancel';
import { inngest } from './client';
import { endedRuns, eventually, gate, runEngine } from './testing/harness';

testDatabase();

describe('cancelling', () => {
  it('by an event ends the run that it matches, and no other', async () => {
    const hold = gate();
    const begun: number[] = [];
    const after: number[] = [];
    const fn = inngest.createFunction(
      {
        id: 'matched',
        triggers: [{ event: 'cancel/begin' }],
        cancelOn: [{ event: 'cancel/stop', match: 'data.id' }],
      },
      async ({ event, step }) => {
        await step.run('wait', async () => {
          begun.push(event.data.id);
          await hold.opened;
        });
        await step.run('after', () => after.push(event.data.id));
      },
    );
    await runEngine([fn]);
    await inngest.send([1, 2].map((id) => ({ name: 'cancel/begin', data: { id } })));
    await eventually(() => expect(begun.toSorted()).toEqual([1, 2]));
    await inngest.send({ name: 'cancel/stop', data: { id: 1 } });
    expect(await endedRuns('matched')).toMatchObject([{ state: 'cancelled' }]);
    hold.open();
    const runs = await endedRuns('matched', 2);
    expect(runs.map(({ state }) => state)).toEqual(['cancelled', 'completed']);
    expect(after).toEqual([2]);
  });

  it('by an event in the same batch reaches the run that began before it only', async () => {
    const fn = inngest.createFunction(
      {
        id: 'ordered',
        triggers: [{ event: 'cancel/ordered' }],
        cancelOn: [{ event: 'cancel/halt', match: 'data.id' }],
      },
      async ({ event }) => event.data.n,
    );
    await inngest.send([
      { name: 'cancel/ordered', data: { id: 5, n: 'before' } },
      { name: 'cancel/halt', data: { id: 5 } },
      { name: 'cancel/ordered', data: { id: 5, n: 'after' } },
    ]);
    await runEngine([fn]);
    const runs = await endedRuns('ordered', 2);
    expect(runs.map(({ state, output }) => ({ state, output }))).toEqual([
      { state: 'cancelled', output: null },
      { state: 'completed', output: '"after"' },
    ]);
  });

  it('directly ends a sleeping run at once', async () => {
    const jobId = newId<JobId>();
    let slept = false;
    const fn = inngest.createFunction(
      { id: 'asleep', triggers: [{ event: 'cancel/sleep' }], cancelOn: cancelOnJob },
      async ({ step }) => {
        await step.sleep('long', '1h');
        slept = true;
      },
    );
    await runEngine([fn]);
    await inngest.send({ id: jobId, name: 'cancel/sleep', data: { jobId } });
    await eventually(async () => expect(await cancelRun(jobId)).toBe(1));
    expect(await endedRuns('asleep')).toMatchObject([{ state: 'cancelled' }]);
    expect(slept).toBe(false);
  });

  it('works through the event that Inngest would be sent, too', async () => {
    const jobId = newId<JobId>();
    const fn = inngest.createFunction(
      { id: 'portable', triggers: [{ event: 'cancel/portable' }], cancelOn: cancelOnJob },
      async ({ step }) => step.sleep('long', '1h'),
    );
    await runEngine([fn]);
    await inngest.send({ id: jobId, name: 'cancel/portable', data: { jobId } });
    await inngest.send({ name: jobCancelled, data: { jobId } });
    expect(await endedRuns('portable')).toMatchObject([{ state: 'cancelled' }]);
  });
});
