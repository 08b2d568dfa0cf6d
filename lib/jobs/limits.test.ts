import { describe, expect, it } from 'vitest';
import { engine } from '@/db';
import { testDatabase } from '@/db/testing';
import { inngest } from './client';
import { countRuns, endedRuns, gate, runEngine } from './testing/harness';

testDatabase();

/** Counts what happens side by side, by key. */
function meter() {
  const now = new Map<string, number>();
  const most = new Map<string, number>();
  return {
    most,
    async during(key: string, work: () => Promise<unknown>): Promise<void> {
      const value = (now.get(key) ?? 0) + 1;
      now.set(key, value);
      most.set(key, Math.max(most.get(key) ?? 0, value));
      await work();
      now.set(key, (now.get(key) ?? 1) - 1);
    },
  };
}

/** Work that ends once so many are at it side by side, and from then on at once. */
function company(size: number): () => Promise<void> {
  const met = gate();
  let present = 0;
  return async () => {
    present += 1;
    if (present === size) met.open();
    await met.opened;
    await turn();
    present -= 1;
  };
}

const turn = () => new Promise(setImmediate);
const events = (name: string, tenantId: string, count: number) =>
  Array.from({ length: count }, (_, n) => ({ name, data: { tenantId, n } }));

describe('concurrency', () => {
  it('holds per key, and other keys go on', async () => {
    const { most, during } = meter();
    const hold = gate();
    const two = company(2);
    const fn = inngest.createFunction(
      {
        id: 'keyed',
        triggers: [{ event: 'limits/keyed' }],
        concurrency: { limit: 2, key: 'event.data.tenantId' },
      },
      async ({ event, step }) => {
        await step.run('work', () =>
          during(event.data.tenantId, () => (event.data.tenantId === 'held' ? hold.opened : two())),
        );
      },
    );
    await runEngine([fn]);
    await inngest.send([
      ...events('limits/keyed', 'held', 6),
      ...events('limits/keyed', 'free', 6),
    ]);
    await endedRuns('keyed', 6);
    hold.open();
    await endedRuns('keyed', 12);
    expect(Object.fromEntries(most)).toEqual({ held: 2, free: 2 });
  });

  it('holds over all keys together, over two engines', async () => {
    const { most, during } = meter();
    const fn = inngest.createFunction(
      {
        id: 'both',
        triggers: [{ event: 'limits/both' }],
        concurrency: [{ limit: 3 }, { limit: 2, key: 'event.data.tenantId' }],
      },
      async ({ event, step }) => {
        await step.run('work', () =>
          during('all', () => during(event.data.tenantId, () => turn())),
        );
      },
    );
    await runEngine([fn]);
    await runEngine([fn]);
    await inngest.send(['a', 'b', 'c'].flatMap((tenant) => events('limits/both', tenant, 10)));
    await endedRuns('both', 30);
    expect(most.get('all')).toBeLessThanOrEqual(3);
    expect(Math.max(...['a', 'b', 'c'].map((key) => most.get(key) ?? 0))).toBeLessThanOrEqual(2);
  });

  it('counts the parallel steps of a run, too', async () => {
    const { most, during } = meter();
    const two = company(2);
    const fn = inngest.createFunction(
      { id: 'wide', triggers: [{ event: 'limits/wide' }], concurrency: { limit: 2 } },
      async ({ step }) =>
        Promise.all(
          Array.from({ length: 6 }, (_, n) => step.run(`part-${n}`, () => during('all', two))),
        ),
    );
    await runEngine([fn]);
    await inngest.send(events('limits/wide', 'a', 2));
    await endedRuns('wide', 2);
    expect(most.get('all')).toBe(2);
  });
});

describe('fairness', () => {
  it('lets one job of a tenant pass the long queue of another', async () => {
    const order: string[] = [];
    const hold = gate();
    const fn = inngest.createFunction(
      { id: 'fair', triggers: [{ event: 'limits/fair' }] },
      async ({ event }) => {
        await hold.opened;
        order.push(event.data.tenantId);
      },
    );
    await runEngine([fn], { concurrency: 4 });
    await inngest.send(events('limits/fair', 'busy', 120));
    await expect.poll(() => countRuns('fair')).toBe(120);
    await inngest.send(events('limits/fair', 'quiet', 1));
    await expect.poll(() => countRuns('fair')).toBe(121);
    hold.open();
    await endedRuns('fair', 121);
    expect(order.indexOf('quiet')).toBeLessThanOrEqual(8);
  });
});

describe('throttle', () => {
  it('spaces the starts of a key, and only of that key', async () => {
    const starts: { key: string; at: number }[] = [];
    const fn = inngest.createFunction(
      {
        id: 'throttled',
        triggers: [{ event: 'limits/throttle' }],
        throttle: { limit: 2, period: '1s', key: 'event.data.tenantId' },
      },
      async ({ event }) => {
        starts.push({ key: event.data.tenantId, at: Date.now() });
      },
    );
    await runEngine([fn]);
    const sentAt = Date.now();
    await inngest.send([
      ...events('limits/throttle', 'a', 3),
      ...events('limits/throttle', 'b', 1),
    ]);
    await endedRuns('throttled', 4);
    const [, second = 0, third = 0] = starts.filter(({ key }) => key === 'a').map(({ at }) => at);
    expect(second - sentAt).toBeGreaterThanOrEqual(500);
    expect(third - sentAt).toBeGreaterThanOrEqual(1_000);
    // However late the engine looked: the other key's moment was not put off by these.
    const { rows } = await engine
      .engineStore()
      .query<{ key: string; at: Date }>(
        "select key, next_at as at from engine.throttles where function_id = 'tenantry-throttled'",
      );
    const next = Object.fromEntries(rows.map(({ key, at }) => [key, at.getTime()]));
    expect(Object.keys(next).toSorted()).toEqual(['a', 'b']);
    expect((next.a ?? 0) - (next.b ?? 0)).toBe(1_000);
  });
});

describe('idempotency', () => {
  it('takes an event id once', async () => {
    const fn = inngest.createFunction(
      { id: 'once', triggers: [{ event: 'limits/once' }] },
      async ({ event }) => event.data.n,
    );
    await runEngine([fn]);
    await inngest.send({ id: 'same', name: 'limits/once', data: { n: 1 } });
    await inngest.send([
      { id: 'same', name: 'limits/once', data: { n: 2 } },
      { id: 'other', name: 'limits/once', data: { n: 3 } },
      { id: 'other', name: 'limits/once', data: { n: 4 } },
    ]);
    const runs = await endedRuns('once', 2);
    expect(runs.map(({ output }) => output).toSorted()).toEqual(['1', '3']);
  });

  it('starts a function once per key', async () => {
    const fn = inngest.createFunction(
      {
        id: 'keyed-once',
        triggers: [{ event: 'limits/keyed-once' }],
        idempotency: 'event.data.order',
      },
      async ({ event }) => event.data.n,
    );
    const mark = inngest.createFunction(
      { id: 'mark', triggers: [{ event: 'limits/keyed-once' }] },
      async () => {},
    );
    await runEngine([fn, mark]);
    const name = 'limits/keyed-once';
    await inngest.send([
      { name, data: { order: 7, n: 1 } },
      { name, data: { order: 7, n: 2 } },
      { name, data: { order: '7', n: 3 } },
    ]);
    await inngest.send({ name, data: { order: 7, n: 4 } });
    await endedRuns('mark', 4);
    const runs = await endedRuns('keyed-once', 2);
    expect(runs.map(({ output }) => output).toSorted()).toEqual(['1', '3']);
  });
});
