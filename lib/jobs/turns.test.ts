import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { testDatabase } from '@/db/testing';
import { inngest } from './client';
import { countRuns, endedRuns, eventually, gate, runEngine } from './testing/harness';

testDatabase();

/** Longer than the turn after which a call gives way. */
const LONG_MS = 1_100;

it('a run whose step outlasts a turn goes on, each step executed once', async () => {
  const executed: string[] = [];
  const fn = inngest.createFunction(
    { id: 'long', triggers: [{ event: 'turns/long' }] },
    async ({ step }) => {
      await step.run('long', async () => {
        executed.push('long');
        await delay(LONG_MS);
      });
      for (const name of ['b', 'c', 'd']) await step.run(name, () => executed.push(name));
    },
  );
  await runEngine([fn]);
  await inngest.send({ name: 'turns/long', data: {} });
  expect(await endedRuns('long')).toMatchObject([{ state: 'completed' }]);
  expect(executed).toEqual(['long', 'b', 'c', 'd']);
});

it('a run that has had its turn gives way to another tenant when all slots are taken', async () => {
  const order: string[] = [];
  const begun = gate();
  const waiting = gate();
  const fn = inngest.createFunction(
    { id: 'yielding', triggers: [{ event: 'turns/yield' }] },
    async ({ event, step }) => {
      await step.run('long', async () => {
        begun.open();
        if (!event.data.long) return;
        await waiting.opened;
        await delay(LONG_MS);
      });
      await step.run('again', () => delay(event.data.long ? LONG_MS : 0));
      await step.run('rest', () => order.push(event.data.tenantId));
    },
  );
  await runEngine([fn], { concurrency: 1 });
  await inngest.send({ name: 'turns/yield', data: { tenantId: 'slow', long: true } });
  await begun.opened;
  await inngest.send({ name: 'turns/yield', data: { tenantId: 'quick', long: false } });
  await eventually(async () => expect(await countRuns('yielding')).toBe(2));
  waiting.open();
  await endedRuns('yielding', 2);
  expect(order).toEqual(['quick', 'slow']);
});
