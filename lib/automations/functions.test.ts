import { afterEach, describe, expect, it, vi } from 'vitest';
import { type AutomationId, newId, type RunId } from '@/db';
import { Relay } from '@/lib/jobs';
import { runEngine } from '@/lib/jobs/testing/harness';
import type { RunView } from './contract';
import { automationFunctions } from './functions';
import { cancelRun } from './runs/cancel';
import { readRun } from './runs/read';
import { requestRun } from './runs/request';
import { modifyPath, newAddress, runWorld, sendPath, summed } from './testing/run-world';

const world = runWorld();

/** Milliseconds to wait for a run, less than what a test may take. */
const patience = 90_000;

let relay: Relay | undefined;
afterEach(() => relay?.stop());

/** The whole of the background work, as a server runs it; it stops after the test. */
async function startWork(): Promise<() => Promise<void>> {
  const engine = await runEngine(automationFunctions);
  const carrier = new Relay(50);
  carrier.start();
  relay = carrier;
  return async () => {
    await carrier.stop();
    await engine.stop(2_000);
  };
}
const eventually = <Result>(check: () => Promise<Result> | Result): Promise<Result> =>
  vi.waitFor(check, { timeout: patience, interval: 25 });
const put = (state: string) => world.database.owner.query('update tenants set state = $1', [state]);
const ask = (automationId: AutomationId) =>
  requestRun(world.context, { automationId, dryRun: false, key: newId() });
const ended = (runId: RunId): Promise<RunView> =>
  eventually(async () => {
    const run = await readRun(world.context, runId);
    expect(run.finishedAt).not.toBeNull();
    return run;
  });

describe('the engine', () => {
  it('carries a run out from its job to its summary', async () => {
    await startWork();
    const runId = await ask(await world.newsletters('olivia', 'By engine', 12));
    const run = await ended(runId);
    expect(run).toMatchObject({ state: 'succeeded', error: null });
    expect(await world.mails('label:By-engine')).toHaveLength(Number(summed(run, /archived/)));
  });

  it('tries a step again that the provider failed', async () => {
    const recipient = newAddress();
    world.google.fault({ path: sendPath, status: 500, times: 1, body: {} });
    await startWork();
    const run = await ended(await ask(await world.agenda(recipient)));
    expect(run.state).toBe('succeeded');
    expect(run.steps.at(-1)).toMatchObject({ state: 'succeeded', attempts: 2 });
    expect(await world.mails(`to:${recipient}`)).toHaveLength(1);
  });

  it('gives up after four attempts and says why', async () => {
    world.google.fault({ path: sendPath, status: 500, body: {} });
    await startWork();
    const run = await ended(await ask(await world.agenda(newAddress())));
    expect(run).toMatchObject({ state: 'failed', error: expect.stringMatching(/Send the agenda/) });
    expect(run.steps.at(-1)).toMatchObject({ state: 'failed', attempts: 4 });
  });

  it('goes on after a standstill in the middle, and changes nothing twice', async () => {
    world.google.fault({ path: modifyPath, delay: 200, skip: 3, times: 1 });
    const stop = await startWork();
    const runId = await ask(await world.newsletters('victor', 'Interrupted'));
    await eventually(() => expect(world.modifications().length).toBeGreaterThan(2));
    await stop();
    await startWork();
    const run = await ended(runId);
    const archived = Number(summed(run, /archived/));
    expect(run.state).toBe('succeeded');
    expect(await world.mails('label:Interrupted -in:inbox', 'victor')).toHaveLength(archived);
  });

  it('ends a run of an unknown template and says why', async () => {
    const id = await world.agenda(newAddress());
    const runId = await ask(id);
    await world.database.owner.query(`update automations set template = 'gone' where id = $1`, [
      id,
    ]);
    await startWork();
    const run = await ended(runId);
    expect(run).toMatchObject({ state: 'failed', error: expect.stringMatching(/template/) });
    expect(world.google.requests()).toEqual([]);
  });

  it('leaves what a suspended organisation has asked for until it is resumed', async () => {
    const recipient = newAddress();
    const runId = await ask(await world.agenda(recipient));
    await put('suspended');
    await startWork();
    // Another organisation's turn comes and goes; this one's does not.
    const { rows } = await world.database.owner.query('select dispatched_at from jobs');
    expect(rows.at(-1)).toEqual({ dispatched_at: null });
    await put('active');
    expect(await ended(runId)).toMatchObject({ state: 'succeeded' });
    expect(await world.mails(`to:${recipient}`)).toHaveLength(1);
  });

  it('stops a run in its middle, and goes on there once its organisation is resumed', async () => {
    world.google.fault({ path: modifyPath, delay: 1_000, skip: 2 });
    await startWork();
    const runId = await ask(await world.newsletters('victor', 'Suspended'));
    await eventually(() => expect(world.modifications().length).toBeGreaterThan(1));
    await put('suspended');
    await eventually(async () => {
      const run = await readRun(world.context, runId);
      expect(run).toMatchObject({ state: 'running', finishedAt: null });
      expect(run.steps.at(-1)).toMatchObject({ error: expect.stringMatching(/suspended/) });
    });
    const before = world.modifications().length;
    world.google.clearFaults();
    await put('active');
    const run = await ended(runId);
    const archived = Number(summed(run, /archived/));
    expect(run.state).toBe('succeeded');
    expect(archived).toBeGreaterThan(before);
    expect(await world.mails('label:Suspended -in:inbox', 'victor')).toHaveLength(archived);
    expect(world.modifications()).toHaveLength(archived);
  });

  it('ends a run that it had to give up', async () => {
    const runId = await ask(await world.agenda(newAddress()));
    await world.database.owner.query(
      `create function refuse() returns trigger as 'begin raise exception ''broken''; end' language plpgsql;
       create trigger refuse before insert on run_steps for each row execute function refuse()`,
    );
    await startWork();
    const run = await ended(runId);
    expect(run).toMatchObject({ state: 'failed', error: expect.stringMatching(/several times/) });
    await world.database.owner.query('drop trigger refuse on run_steps; drop function refuse');
  });

  it('stops a run that is cancelled', async () => {
    world.google.fault({ path: modifyPath, delay: 1_000 });
    await startWork();
    const runId = await ask(await world.newsletters('omar', 'Stopped'));
    await eventually(() => expect(world.modifications().length).toBeGreaterThan(0));
    await cancelRun(world.context, runId);
    world.google.clearFaults();
    const run = await ended(runId);
    expect(run.state).toBe('cancelled');
    const made = world.modifications().length;
    expect(await world.mails('label:Stopped -in:inbox', 'omar')).toHaveLength(made);
  });
});
