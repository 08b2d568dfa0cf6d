import { NonRetriableError, RetryAfterError } from 'inngest';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '@/db/testing';
import { inngest } from './client';
import { endedRuns, runEngine } from './testing/harness';

testDatabase();

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
