import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { newId } from '@/db';
import { inngest, Relay } from '@/lib/jobs';
import { endedRuns, endSessionOfHolder, eventually, runEngine } from '@/lib/jobs/testing/harness';
import { automationFunctions } from '../functions';
import { modifyPath, runWorld, summed } from '../testing/run-world';
import { beginRun, finishRun, runStep } from './execute';
import { readRun } from './read';
import { requestRun } from './request';

const world = runWorld();
let relay: Relay | undefined;
beforeEach(() => {
  // No call ends because it has taken too long.
  vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => new AbortController().signal);
});
afterEach(async () => {
  await relay?.stop();
  vi.restoreAllMocks();
});

/** Hold one of the changes at the provider, until the engine has lost its session. */
async function loseSessionMeanwhile(): Promise<void> {
  await eventually(async () => {
    const faults = await fetch(`${world.google.url}/__faults`);
    expect(await faults.json()).toMatchObject([{ fired: 1 }]);
  });
  await endSessionOfHolder(world.database.owner);
}

it('a call under way when the engine loses its session is broken off, and made once more', async () => {
  world.google.fault({ path: modifyPath, skip: 3, delay: 600_000, times: 1 });
  await runEngine(automationFunctions);
  relay = new Relay(50);
  relay.start();
  const automationId = await world.newsletters('olivia', 'Lost', 35);
  const runId = await requestRun(world.context, { automationId, dryRun: false, key: newId() });
  await loseSessionMeanwhile();
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
    `select from provider_calls where run_id = $1 and outcome = 'no_answer'`,
    [runId],
  );
  expect(rows).toHaveLength(1);
});

it('an attempt that is broken off is no failure of its step, were it the last', async () => {
  const automationId = await world.newsletters('omar', 'Last', 12);
  const runId = await requestRun(world.context, { automationId, dryRun: false, key: newId() });
  let key = await beginRun(world.context, runId);
  while (key !== null && !key.startsWith('archive')) {
    key = await runStep(world.context, runId, key, false);
  }
  const fn = inngest.createFunction(
    { id: 'last-attempt', triggers: [{ event: 'testing/last-attempt' }], retries: 0 },
    ({ step }) => step.run('archive', () => runStep(world.context, runId, key ?? '', true)),
  );
  world.google.fault({ path: modifyPath, skip: 1, delay: 600_000, times: 1 });
  await runEngine([fn]);
  await inngest.send({ name: 'testing/last-attempt', data: {} });
  await loseSessionMeanwhile();
  await endedRuns('last-attempt');
  await finishRun(world.context, runId);
  expect(await readRun(world.context, runId)).toMatchObject({ state: 'succeeded', error: null });
});
