import { afterEach, expect, it } from 'vitest';
import { newId } from '@/db';
import { Relay } from '@/lib/jobs';
import { endSessionOfHolder, eventually, runEngine } from '@/lib/jobs/testing/harness';
import { automationFunctions } from '../functions';
import { modifyPath, runWorld, summed } from '../testing/run-world';
import { readRun } from './read';
import { requestRun } from './request';

const world = runWorld();
let relay: Relay | undefined;
afterEach(() => relay?.stop());

it('a call under way when the engine loses its session is broken off, and made once more', async () => {
  world.google.fault({ path: modifyPath, skip: 3, delay: 600_000, times: 1 });
  await runEngine(automationFunctions);
  relay = new Relay(50);
  relay.start();
  const automationId = await world.newsletters('olivia', 'Lost', 35);
  const runId = await requestRun(world.context, { automationId, dryRun: false, key: newId() });
  await eventually(async () => {
    const faults = await fetch(`${world.google.url}/__faults`);
    expect(await faults.json()).toMatchObject([{ fired: 1 }]);
  });
  await endSessionOfHolder(world.database.owner);
  const run = await eventually(async () => {
    const read = await readRun(world.context, runId);
    expect(read.finishedAt).not.toBeNull();
    return read;
  });
  expect(run).toMatchObject({ state: 'succeeded', error: null });
  const archived = Number(summed(run, /archived/));
  expect(await world.mails('label:Lost -in:inbox')).toHaveLength(archived);
  // The one that was broken off is not among them: its answer never came.
  const changed = world.modifications().map(({ path }) => path);
  expect(new Set(changed).size).toBe(changed.length);
  const { rows } = await world.database.owner.query(
    `select duration_ms < 20000 as broken_off from provider_calls
      where run_id = $1 and outcome = 'no_answer'`,
    [runId],
  );
  expect(rows).toEqual([{ broken_off: true }]);
});
