import { describe, expect, it } from 'vitest';
import { engine } from '@/db';
import { testDatabase } from '@/db/testing';
import { PublicError } from '@/lib/errors';
import { inngest } from './client';
import { currentJob } from './current';
import { serveFunctions } from './serve';
import { endedRuns, eventually, runEngine } from './testing/harness';
import { embeddedFetch } from './transport';

testDatabase();

describe('without keys of Inngest', () => {
  it('the public address finds nothing, whatever is asked of it', async () => {
    let executed = false;
    const fn = inngest.createFunction({ id: 'public', triggers: [{ event: 'a' }] }, async () => {
      executed = true;
    });
    const handle = serveFunctions([fn]);
    const address = 'http://localhost/api/inngest?fnId=tenantry-public&stepId=step';
    const body = JSON.stringify({ event: { name: 'a', data: {} }, ctx: { run_id: 'r' } });
    for (const request of [
      new Request(address),
      new Request(address, { method: 'POST', body }),
      new Request(address, { method: 'PUT', body: '{"url":"http://localhost"}' }),
    ]) {
      const refusal = await handle(request).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(PublicError);
      expect(refusal).toMatchObject({ status: 404 });
    }
    expect(executed).toBe(false);
  });

  it('nothing that the SDK asks of Inngest leaves the process', async () => {
    const answer = await embeddedFetch('https://api.inngest.com/v1/realtime/publish', {
      method: 'POST',
    });
    expect(answer.status).toBe(501);
  });

  it('an event that the database could not keep is refused to its sender', async () => {
    await runEngine([]);
    await expect(inngest.send({ name: 'a\0b', data: {} })).rejects.toThrow('NUL');
    await expect(inngest.send({ id: 'x'.repeat(300), name: 'a', data: {} })).rejects.toThrow();
  });

  it('a function learns when its step was due and when it was begun', async () => {
    const times: unknown[] = [];
    const fn = inngest.createFunction(
      { id: 'timed', triggers: [{ event: 'mode/timed' }] },
      async (context) => {
        const { step, jobId } = context as typeof context & { jobId?: string };
        await step.run('work', () => times.push(currentJob(jobId)));
      },
    );
    await runEngine([fn]);
    await inngest.send({ name: 'mode/timed', data: {} });
    await endedRuns('timed');
    expect(times).toEqual([{ queuedAt: expect.any(Date), startedAt: expect.any(Date) }]);
    expect(currentJob(undefined)).toBeUndefined();
  });

  it('the queue says how it stands', async () => {
    const store = engine.engineStore();
    await inngest.send({ name: 'mode/nobody', data: {} });
    expect(await engine.queueStatus(store)).toMatchObject({ unrouted: 1, waiting: 0, workers: 0 });
    await runEngine([]);
    await eventually(async () =>
      expect(await engine.queueStatus(store)).toMatchObject({ unrouted: 0, workers: 1 }),
    );
  });

  it('history goes when it is old enough, and what goes on stays', async () => {
    const store = engine.engineStore();
    const fn = inngest.createFunction(
      { id: 'kept', triggers: [{ event: 'mode/kept' }] },
      async ({ event, step }) => {
        await step.run('work', () => 1);
        if (event.data.stays) await step.sleep('long', '1h');
      },
    );
    await runEngine([fn]);
    await inngest.send([true, false].map((stays) => ({ name: 'mode/kept', data: { stays } })));
    await endedRuns('kept');
    await eventually(async () =>
      expect(await engine.queueStatus(store)).toMatchObject({ scheduled: 1 }),
    );
    await engine.purgeHistory(store, 60_000);
    await endedRuns('kept', 1);
    await engine.purgeHistory(store, 0);
    await endedRuns('kept', 0);
    const { rows } = await store.query('select distinct run_id from engine.steps');
    expect(rows).toHaveLength(1);
  });
});
