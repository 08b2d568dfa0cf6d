import { setTimeout as delay } from 'node:timers/promises';
import { engine } from '@/db';
import { Engine, inngest } from '@/lib/jobs';

/** Our engine with steps that do nothing. */
export interface Ours {
  /** Milliseconds from sending the events to the end of the last run of `steps` steps. */
  time(runs: number, steps: number): Promise<number>;
  /** Milliseconds from sending one event to its first step, while nothing else goes on. */
  latency(): Promise<number>;
  stop(): Promise<void>;
}

/** Tenants that the runs belong to. */
const TENANTS = 20;

async function allEnded(): Promise<void> {
  const store = engine.engineStore();
  for (;;) {
    const { rows } = await store.query('select from engine.runs where wake_at is not null limit 1');
    if (rows.length === 0) return;
    await delay(2);
  }
}

export async function startOurs(concurrency: number): Promise<Ours> {
  let left = 0;
  let finished = () => {};
  const fn = inngest.createFunction(
    { id: 'bench', triggers: [{ event: 'bench/go' }] },
    async ({ event, step }) => {
      for (let n = 0; n < event.data.steps; n += 1) {
        await step.run(`step-${n}`, () => {
          left -= 1;
          if (left === 0) finished();
        });
      }
    },
  );
  const running = new Engine({ functions: [fn], concurrency });
  await running.start();
  const begin = (steps: number) => {
    left = steps;
    return new Promise<void>((resolve) => {
      finished = resolve;
    });
  };
  return {
    async time(runs, steps) {
      const done = begin(runs * steps);
      const events = Array.from({ length: runs }, (_, n) => ({
        name: 'bench/go',
        data: { steps, tenantId: `tenant-${n % TENANTS}` },
      }));
      const start = performance.now();
      await inngest.send(events);
      await done;
      await allEnded();
      return performance.now() - start;
    },
    async latency() {
      const done = begin(1);
      const start = performance.now();
      await inngest.send({ name: 'bench/go', data: { steps: 1, tenantId: 'tenant-0' } });
      await done;
      const time = performance.now() - start;
      await allEnded();
      return time;
    },
    stop: () => running.stop(),
  };
}
