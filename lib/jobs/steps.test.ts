import { describe, expect, it } from 'vitest';
import { engine } from '@/db';
import { testDatabase } from '@/db/testing';
import { inngest } from './client';
import { countRuns, endedRuns, eventually, runEngine } from './testing/harness';

testDatabase();

/** As if the time of the one run's sleep had gone by, once nobody holds it. */
async function endSleep(): Promise<void> {
  const store = engine.engineStore();
  await eventually(async () => {
    const { scheduled, held } = await engine.queueStatus(store);
    expect({ scheduled, held }).toEqual({ scheduled: 1, held: 0 });
  });
  const { rows } = await store.query<{ id: string }>(
    `update engine.steps set due_at = now() where kind = 'sleep' and due_at > now() returning run_id as id`,
  );
  expect(rows).toHaveLength(1);
  await store.query('update engine.runs set wake_at = now() where id = $1', [rows[0]?.id]);
}

describe('a run', () => {
  it('executes each step once and gives its result back to the function', async () => {
    const executed: string[] = [];
    const fn = inngest.createFunction(
      { id: 'sequence', triggers: [{ event: 'steps/sequence' }] },
      async ({ step }) => {
        const one = await step.run('one', () => {
          executed.push('one');
          return { value: 1, text: 'a\u0000b', nothing: null };
        });
        const two = await step.run('two', () => {
          executed.push('two');
          return one.value + 1;
        });
        return { one, two };
      },
    );
    await runEngine([fn]);
    await inngest.send({ name: 'steps/sequence', data: {} });
    const [run] = await endedRuns('sequence');
    expect(JSON.parse(run?.output ?? '')).toEqual({
      one: { value: 1, text: 'a\u0000b', nothing: null },
      two: 2,
    });
    expect(executed).toEqual(['one', 'two']);
  });

  it('gives the function its event, run id and attempt', async () => {
    const seen: unknown[] = [];
    const fn = inngest.createFunction(
      { id: 'context', triggers: [{ event: 'steps/context' }] },
      async ({ event, runId, attempt }) => {
        seen.push(event.name, event.id, event.data, runId, attempt);
      },
    );
    await runEngine([fn]);
    await inngest.send({ id: 'event-1', name: 'steps/context', data: { n: 1 } });
    const [run] = await endedRuns('context');
    expect(seen).toEqual(['steps/context', 'event-1', { n: 1 }, run?.id, 0]);
  });

  it('executes many parallel steps, each once, and goes on when all are done', async () => {
    const executed: number[] = [];
    const fn = inngest.createFunction(
      { id: 'parallel', triggers: [{ event: 'steps/parallel' }] },
      async ({ step }) => {
        const all = await Promise.all(
          Array.from({ length: 60 }, (_, n) =>
            step.run(`part-${n}`, () => {
              executed.push(n);
              return n;
            }),
          ),
        );
        return step.run('sum', () => all.reduce((sum, n) => sum + n, 0));
      },
    );
    await runEngine([fn]);
    await inngest.send({ name: 'steps/parallel', data: {} });
    const [run] = await endedRuns('parallel');
    expect(run?.output).toBe('1770');
    expect(executed.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, n) => n));
  });

  it('sleeps without being held, and wakes by itself', async () => {
    const times: number[] = [];
    const fn = inngest.createFunction(
      { id: 'sleeper', triggers: [{ event: 'steps/sleep' }] },
      async ({ step }) => {
        await step.sleep('night', '1h');
        await step.run('before', () => times.push(Date.now()));
        await step.sleep('nap', '1s');
        await step.run('after', () => times.push(Date.now()));
      },
    );
    await runEngine([fn]);
    await inngest.send({ name: 'steps/sleep', data: {} });
    await eventually(async () => expect(await countRuns('sleeper')).toBe(1));
    expect(times).toEqual([]);
    await endSleep();
    await endedRuns('sleeper');
    const [before = 0, after = 0] = times;
    expect(times).toHaveLength(2);
    expect(after - before).toBeGreaterThanOrEqual(990);
  });

  it('goes on beside a sleep that is under way', async () => {
    const order: string[] = [];
    const fn = inngest.createFunction(
      { id: 'beside', triggers: [{ event: 'steps/beside' }] },
      async ({ step }) => {
        const work = async () => {
          await step.run('first', () => order.push('first'));
          await step.run('second', () => order.push('second'));
        };
        await Promise.all([step.sleep('nap', '1h').then(() => order.push('woke')), work()]);
        return order.indexOf('second') < order.lastIndexOf('woke');
      },
    );
    await runEngine([fn]);
    await inngest.send({ name: 'steps/beside', data: {} });
    await eventually(() => expect(order).toEqual(['first', 'second']));
    await endSleep();
    const [run] = await endedRuns('beside');
    expect(run?.output).toBe('true');
    expect(order.filter((name) => name !== 'woke')).toEqual(['first', 'second']);
  });

  it('sends events from a step, and they start functions', async () => {
    const sender = inngest.createFunction(
      { id: 'sender', triggers: [{ event: 'steps/send' }] },
      async ({ step }) => {
        await step.sendEvent('tell', { name: 'steps/told', data: { from: 'sender' } });
      },
    );
    const receiver = inngest.createFunction(
      { id: 'receiver', triggers: [{ event: 'steps/told' }] },
      async ({ event }) => event.data.from,
    );
    await runEngine([sender, receiver]);
    await inngest.send({ name: 'steps/send', data: {} });
    const [run] = await endedRuns('receiver');
    expect(run?.output).toBe('"sender"');
    expect(await endedRuns('sender')).toMatchObject([{ state: 'completed' }]);
  });
});
