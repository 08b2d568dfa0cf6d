import { expect, it } from 'vitest';
import { engine } from '@/db';
import { testDatabase } from '@/db/testing';
import { inngest } from './client';
import { readPlan } from './plan';
import { openWire } from './protocol';
import { fireSchedules, storeSchedules } from './schedule';
import { endedRuns, runEngine } from './testing/harness';

testDatabase();

const noon = 'TZ=Europe/Paris 0 12 * * *';

const daily = inngest.createFunction(
  { id: 'daily', triggers: [{ cron: noon }] },
  async ({ event }) => event.name,
);
const other = inngest.createFunction(
  { id: 'other', triggers: [{ cron: '0 0 1 1 *' }] },
  async () => {},
);

async function plans() {
  return (await openWire(inngest, [daily, other], 1_000).configurations()).map(readPlan);
}

async function nextAt(): Promise<Date | undefined> {
  const { rows } = await engine
    .engineStore()
    .query<{ at: Date }>('select next_at as at from engine.crons where expression = $1', [noon]);
  return rows[0]?.at;
}

it('starts its function, once for all times missed, and moves on', async () => {
  await storeSchedules(engine.engineStore(), await plans());
  await engine
    .engineStore()
    .query("update engine.crons set next_at = '2026-01-01T11:00:00Z' where expression = $1", [
      noon,
    ]);
  await storeSchedules(engine.engineStore(), await plans());
  expect(await nextAt()).toEqual(new Date('2026-01-01T11:00:00Z'));
  await runEngine([daily, other]);
  const [run] = await endedRuns('daily');
  expect(run?.output).toBe('"inngest/scheduled.timer"');
  expect((await nextAt())?.getTime()).toBeGreaterThan(Date.now());
  await endedRuns('other', 0);
});

it('fires once when several processes look at the same moment', async () => {
  const store = engine.engineStore();
  await storeSchedules(store, await plans());
  await store.query(
    "update engine.crons set next_at = now() - interval '1 s' where expression = $1",
    [noon],
  );
  const known = await plans();
  const fired = await Promise.all([1, 2, 3].map(() => fireSchedules(store, known)));
  expect(fired.reduce((sum, n) => sum + n, 0)).toBe(1);
});

it('forgets a schedule that its function no longer has', async () => {
  const store = engine.engineStore();
  await storeSchedules(store, await plans());
  await storeSchedules(
    store,
    (await plans()).map((plan) => ({ ...plan, crons: [] })),
  );
  expect(await nextAt()).toBeUndefined();
});
