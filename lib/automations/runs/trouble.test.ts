import { describe, expect, it, vi } from 'vitest';
import { newId } from '@/db';
import { connect, testMember } from '@/lib/connections/testing';
import { auditOf, carryOut, makeAutomation, runNow } from '../testing';
import {
  accounts,
  messagePath,
  modifyPath,
  newAddress,
  runWorld,
  sendPath,
  summed,
} from '../testing/run-world';
import { cancelRun } from './cancel';
import { beginRun, runStep } from './execute';
import { readRun } from './read';
import { requestRun } from './request';

const world = runWorld();

describe('trouble at the provider', () => {
  it('that passes is tried again, and every change is made once', async () => {
    world.google.fault({ path: modifyPath, status: 500, skip: 2, times: 1, body: {} });
    world.google.fault({
      path: modifyPath,
      status: 503,
      skip: 4,
      times: 1,
      when: 'after',
      body: {},
    });
    const runId = await runNow(world.context, await world.newsletters('olivia', 'Bumpy'));
    const run = await readRun(world.context, runId);
    const archived = Number(summed(run, /archived/));
    expect(run.state).toBe('succeeded');
    expect(run.steps.some(({ attempts }) => attempts > 1)).toBe(true);
    expect(await world.mails('label:Bumpy -in:inbox', 'olivia')).toHaveLength(archived);
    const { rows } = await world.database.owner.query(
      `select state, count(*)::int as count from effects where run_id = $1 group by state`,
      [runId],
    );
    expect(rows).toEqual([{ state: 'done', count: archived + 1 }]);
  });

  it('after a mail was taken does not send it a second time', async () => {
    const recipient = newAddress();
    world.google.fault({ path: sendPath, when: 'after', reset: true, times: 1 });
    const run = await readRun(
      world.context,
      await runNow(world.context, await world.agenda(recipient)),
    );
    expect(run.state).toBe('succeeded');
    expect(await world.mails(`to:${recipient}`)).toHaveLength(1);
    expect(world.google.requests({ path: sendPath })).toHaveLength(1);
  });

  it('that asks for patience waits as long as it says', async () => {
    world.google.fault({
      path: '/calendar/*',
      status: 429,
      headers: { 'retry-after': '900' },
      body: {},
    });
    const runId = await requestRun(world.context, {
      automationId: await world.agenda(newAddress()),
      dryRun: false,
      key: newId(),
    });
    const key = await beginRun(world.context, runId);
    await expect(runStep(world.context, runId, key ?? '', false)).rejects.toMatchObject({
      verdict: { next: 'put off', seconds: expect.any(Number) },
    });
    const run = await readRun(world.context, runId);
    expect(run).toMatchObject({ state: 'running', steps: [{ state: 'retrying', attempts: 1 }] });
    expect(run.steps[0]?.error).toMatch(/slow down/);
    await cancelRun(world.context, runId);
    expect(await readRun(world.context, runId)).toMatchObject({ state: 'cancelled' });
    await world.database.owner.query('update provider_budgets set paused_until = null');
  });

  it('that stays fails the run with its reason, and keeps what was done', async () => {
    world.google.fault({ path: modifyPath, status: 500, skip: 3, body: {} });
    const runId = await runNow(world.context, await world.newsletters('victor', 'Stuck'));
    const run = await readRun(world.context, runId);
    expect(run).toMatchObject({ state: 'failed', summary: [] });
    expect(run.error).toMatch(/^Label and archive.*does not answer/);
    expect(run.steps.at(-1)).toMatchObject({ state: 'failed', attempts: 4 });
    world.google.clearFaults();
    expect(await world.mails('label:Stuck -in:inbox', 'victor')).toHaveLength(3);
    expect(await auditOf(world.database, runId)).toContain('effect.done');
  });

  it('that takes the connection’s authority away ends it at once and says what to do', async () => {
    const own = await testMember(world.database);
    const id = await makeAutomation(own, {
      connectionId: await connect(own, accounts.olivia),
      template: 'attachment-senders',
      parameters: { days: 30, limit: 10 },
    });
    const setState = (state: string) =>
      world.database.owner.query(
        `update connections set state = $2, state_reason = 'Consent was withdrawn.'
          where tenant_id = $1`,
        [own.tenantId, state],
      );
    const ask = () => requestRun(own, { automationId: id, dryRun: false, key: newId() });
    await setState('needs_reconsent');
    await expect(ask()).rejects.toMatchObject({ code: 'conflict' });
    await setState('active');
    const runId = await ask();
    await setState('needs_reconsent');
    await carryOut(own, runId);
    const run = await readRun(own, runId);
    expect(run).toMatchObject({ state: 'failed', connection: { state: 'needs_reconsent' } });
    expect(run.error).toMatch(/Consent was withdrawn/);
    expect(run.steps).toMatchObject([{ state: 'failed', attempts: 1 }]);
  });
});

describe('a run that looks at a slow mailbox', () => {
  it('stops soon after it was asked to, not at the end of what it looks through', async () => {
    const chunk = 25;
    world.google.fault({ method: 'GET', path: messagePath, delay: 1_500 });
    const runId = await requestRun(world.context, {
      automationId: await world.make('attachment-senders', { days: 365, limit: 100 }),
      dryRun: false,
      key: newId(),
    });
    const search = await beginRun(world.context, runId);
    const look = await runStep(world.context, runId, search ?? '', false);
    const looking = runStep(world.context, runId, look ?? '', false);
    const looked = () =>
      world.google.requests().filter(({ path }) => /\/messages\/[^/]+$/.test(path)).length;
    await vi.waitFor(() => expect(looked()).toBeGreaterThan(0), { timeout: 90_000 });
    await cancelRun(world.context, runId);
    world.google.clearFaults();
    expect(await looking).toBeNull();
    expect(looked()).toBeLessThan(chunk);
    const run = await readRun(world.context, runId);
    expect(run).toMatchObject({ state: 'cancelled' });
    expect(run.steps.map(({ state }) => state)).not.toContain('running');
  });
});

describe('a process that is killed', () => {
  it('after a step’s end was written, but not remembered, changes nothing twice', async () => {
    const recipient = newAddress();
    const id = await world.agenda(recipient);
    const runId = await requestRun(world.context, {
      automationId: id,
      dryRun: false,
      key: newId(),
    });
    const first = await beginRun(world.context, runId);
    expect(await beginRun(world.context, runId)).toBe(first);
    const second = await runStep(world.context, runId, first ?? '', false);
    expect(await runStep(world.context, runId, first ?? '', false)).toBe(second);
    expect(await runStep(world.context, runId, second ?? '', false)).toBeNull();
    expect(await runStep(world.context, runId, second ?? '', false)).toBeNull();
    expect(await world.mails(`to:${recipient}`)).toHaveLength(1);
  });

  it('in the middle of a chunk goes on where it was', async () => {
    const id = await world.newsletters('omar', 'Killed');
    const runId = await requestRun(world.context, {
      automationId: id,
      dryRun: false,
      key: newId(),
    });
    let key = await beginRun(world.context, runId);
    while (key !== null && !key.startsWith('archive')) {
      key = await runStep(world.context, runId, key, false);
    }
    world.google.fault({ path: modifyPath, reset: true, when: 'after', skip: 5, times: 1 });
    await expect(runStep(world.context, runId, key ?? '', false)).rejects.toThrow();
    // As the dead process left it: under way, its last intent open.
    await world.database.owner.query(
      `update run_steps set state = 'running' where state = 'retrying'`,
    );
    await carryOut(world.context, runId);
    const run = await readRun(world.context, runId);
    expect(run.state).toBe('succeeded');
    expect(await world.mails('label:Killed -in:inbox', 'omar')).toHaveLength(
      Number(summed(run, /archived/)),
    );
    const { rows } = await world.database.owner.query(
      `select target_id, count(*)::int as done from audit_events
        where run_id = $1 and action = 'effect.done' group by target_id having count(*) > 1`,
      [runId],
    );
    expect(rows).toEqual([]);
  });
});
