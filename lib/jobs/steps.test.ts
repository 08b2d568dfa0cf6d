import { NonRetriableError, RetryAfterError } from 'inngest';
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

describe('a failing step', () => {
  it('is tried again with a rising attempt, while the steps before it stay done', async () => {
    const attempts: number[] = [];
    let before = 0;
    const fn = inngest.createFunction(
      { id: 'retried', triggers: [{ event: 'steps/retry' }], retries: 3 },
      async ({ step, attempt }) => {
        await step.run('before', () => {
          before += 1;
        });
        return step.run('flaky', () => {
          attempts.push(attempt);
          if (attempts.length < 3) throw new Error('not yet');
          return 'through';
        });
      },
    );
    await runEngine([fn]);
    await inngest.send({ name: 'steps/retry', data: {} });
    const [run] = await endedRuns('retried');
    expect(run).toMatchObject({ state: 'completed', output: '"through"' });
    expect(attempts).toEqual([0, 1, 2]);
    expect(before).toBe(1);
  });

  it('that gives up can be caught by the function, which goes on', async () => {
    const fn = inngest.createFunction(
      { id: 'caught', triggers: [{ event: 'steps/caught' }], retries: 1 },
      async ({ step }) => {
        try {
          await step.run('doomed', () => {
            throw new Error('no chance');
          });
        } catch (error) {
          return step.run('comfort', () => `caught: ${(error as Error).message}`);
        }
      },
    );
    await runEngine([fn]);
    await inngest.send({ name: 'steps/caught', data: {} });
    const [run] = await endedRuns('caught');
    expect(run).toMatchObject({ state: 'completed', output: '"caught: no chance"' });
  });

  it('waits as long as RetryAfterError says', async () => {
    const times: number[] = [];
    const fn = inngest.createFunction(
      { id: 'later', triggers: [{ event: 'steps/later' }] },
      async ({ step }) => {
        await step.run('busy', () => {
          times.push(Date.now());
          if (times.length === 1) throw new RetryAfterError('busy', 1_000);
        });
      },
    );
    await runEngine([fn]);
    await inngest.send({ name: 'steps/later', data: {} });
    await endedRuns('later');
    const [first = 0, second = 0] = times;
    expect(second - first).toBeGreaterThanOrEqual(990);
  });

  it('keeps its own count of attempts beside other parallel steps', async () => {
    const failures = new Map<string, number>();
    const fn = inngest.createFunction(
      { id: 'parallel-retry', triggers: [{ event: 'steps/parallel-retry' }], retries: 2 },
      async ({ step, attempt }) =>
        Promise.all(
          ['a', 'b', 'c'].map((name) =>
            step.run(name, () => {
              failures.set(name, attempt);
              if (name === 'b' && attempt < 2) throw new Error('b is slow');
              return name;
            }),
          ),
        ),
    );
    await runEngine([fn]);
    await inngest.send({ name: 'steps/parallel-retry', data: {} });
    const [run] = await endedRuns('parallel-retry');
    expect(run?.output).toBe('["a","b","c"]');
    expect(Object.fromEntries(failures)).toEqual({ a: 0, b: 2, c: 0 });
  });
});

describe('a step that hangs', () => {
  it('has failed when its time is over, and is tried again', async () => {
    const attempts: number[] = [];
    const fn = inngest.createFunction(
      { id: 'hanging', triggers: [{ event: 'steps/hang' }] },
      async ({ step, attempt }) =>
        step.run('hang', () => {
          attempts.push(attempt);
          return attempt === 0 ? new Promise<never>(() => {}) : 'through';
        }),
    );
    await runEngine([fn], { stepLimitMs: 1_500 });
    await inngest.send({ name: 'steps/hang', data: {} });
    const [run] = await endedRuns('hanging');
    expect(run?.output).toBe('"through"');
    expect(attempts[0]).toBe(0);
    expect(attempts.at(-1)).toBeGreaterThan(0);
  });
});

describe('a failing function', () => {
  it('calls onFailure once with the error and the event, after its last attempt', async () => {
    let attempts = 0;
    const failures: unknown[] = [];
    const fn = inngest.createFunction(
      {
        id: 'doomed',
        triggers: [{ event: 'steps/doomed' }],
        retries: 2,
        onFailure: async ({ error, event }) => {
          failures.push({ message: error.message, data: event.data.event.data });
        },
      },
      async () => {
        attempts += 1;
        throw new Error('always');
      },
    );
    await runEngine([fn]);
    await inngest.send({ name: 'steps/doomed', data: { n: 7 } });
    await endedRuns('doomed-failure');
    expect(await endedRuns('doomed')).toMatchObject([{ state: 'failed' }]);
    expect(attempts).toBe(3);
    expect(failures).toEqual([{ message: 'always', data: { n: 7 } }]);
  });

  it('is not tried again after a NonRetriableError', async () => {
    let attempts = 0;
    const fn = inngest.createFunction(
      { id: 'final', triggers: [{ event: 'steps/final' }] },
      async ({ step }) => {
        await step.run('refused', () => {
          attempts += 1;
          throw new NonRetriableError('never');
        });
      },
    );
    await runEngine([fn]);
    await inngest.send({ name: 'steps/final', data: {} });
    expect(await endedRuns('final')).toMatchObject([{ state: 'failed' }]);
    expect(attempts).toBe(1);
  });

  it('fails with a clear error at a step that the engine does not do', async () => {
    const fn = inngest.createFunction(
      { id: 'waiter', triggers: [{ event: 'steps/wait' }] },
      async ({ step }) => {
        await step.waitForEvent('answer', { event: 'steps/answer', timeout: '1h' });
      },
    );
    await runEngine([fn]);
    await inngest.send({ name: 'steps/wait', data: {} });
    const [run] = await endedRuns('waiter');
    expect(run?.state).toBe('failed');
    expect(JSON.parse(run?.output ?? '')).toMatchObject({
      name: 'UnsupportedStepError',
      message: 'The embedded engine does not do "WaitForEvent" (step "answer").',
    });
  });
});
