import { describe, expect, it } from 'vitest';
import { type AutomationId, newId, type RunId } from '@/db';
import { connect, testMember } from '@/lib/connections/testing';
import { auditOf, carryOut, makeAutomation, runNow } from '../testing';
import { accounts, modifyPath, runWorld } from '../testing/run-world';
import { cancelRun } from './cancel';
import { beginRun, runStep } from './execute';
import { listRuns, readRun } from './read';
import { readChanges, readStep } from './read-step';
import { requestRun, rerun } from './request';

const world = runWorld();

describe('cancelling', () => {
  it('a run that waits ends it at once', async () => {
    const runId = await requestRun(world.context, {
      automationId: await world.newsletters('olivia'),
      dryRun: false,
      key: newId(),
    });
    await cancelRun(world.context, runId);
    expect(await readRun(world.context, runId)).toMatchObject({ state: 'cancelled', steps: [] });
    await carryOut(world.context, runId);
    expect(await readRun(world.context, runId)).toMatchObject({ state: 'cancelled' });
    expect(world.google.requests()).toEqual([]);
    await expect(cancelRun(world.context, runId)).rejects.toMatchObject({ code: 'conflict' });
    expect(await auditOf(world.database, runId)).toEqual([
      'run.requested',
      'run.cancelled',
      'run.finished',
    ]);
  });

  it('a run at work stops it before the next change, and keeps what was done', async () => {
    const id = await world.newsletters('mika', 'Half');
    const runId = await requestRun(world.context, {
      automationId: id,
      dryRun: false,
      key: newId(),
    });
    let key = await beginRun(world.context, runId);
    while (key && !key.startsWith('archive')) {
      key = await runStep(world.context, runId, key, false);
    }
    world.google.fault({ path: modifyPath, delay: 15_000, skip: 2, times: 1 });
    const working = runStep(world.context, runId, key ?? '', false);
    // The third is under way, and not only about to be.
    await expect
      .poll(async () => (await (await fetch(`${world.google.url}/__faults`)).json())[0]?.fired)
      .toBe(1);
    await cancelRun(world.context, runId);
    expect(await readRun(world.context, runId)).toMatchObject({
      state: 'running',
      cancelRequestedAt: expect.any(String),
    });
    world.google.clearFaults();
    expect(await working).toBeNull();
    const run = await readRun(world.context, runId);
    expect(run.state).toBe('cancelled');
    expect(run.steps.at(-1)).toMatchObject({ state: 'cancelled', changes: 3 });
    expect(await world.mails('label:Half -in:inbox', 'mika')).toHaveLength(3);
  });
});

describe('asking for a run', () => {
  it('twice with the same key starts one', async () => {
    const automationId = await world.newsletters('olivia');
    const key = newId();
    const ask = () => requestRun(world.context, { automationId, dryRun: true, key });
    const ids = await Promise.all([ask(), ask(), ask()]);
    expect(new Set(ids).size).toBe(1);
    const { rows } = await world.database.owner.query(
      'select count(*)::int as jobs from jobs where subject_id = $1',
      [key],
    );
    expect(rows).toEqual([{ jobs: 1 }]);
    const elsewhere = requestRun(world.context, {
      automationId: await world.newsletters('olivia'),
      dryRun: true,
      key,
    });
    await expect(elsewhere).rejects.toMatchObject({ code: 'conflict' });
  });

  it('with the key of another kind of run is refused', async () => {
    const automationId = await world.newsletters('olivia');
    const dry = await runNow(world.context, automationId, true);
    const inEarnest = requestRun(world.context, { automationId, dryRun: false, key: dry });
    await expect(inEarnest).rejects.toMatchObject({ code: 'conflict' });
    await expect(rerun(world.context, dry, dry)).rejects.toMatchObject({ code: 'conflict' });
    expect(await readRun(world.context, dry)).toMatchObject({ dryRun: true, rerunOf: null });
  });

  it('again while it is under way is refused, and not once it has ended', async () => {
    const automationId = await world.agenda('first@example.com');
    const runId = await requestRun(world.context, { automationId, dryRun: true, key: newId() });
    const again = () => rerun(world.context, runId, newId());
    const refusal = {
      code: 'conflict',
      message: 'This run is still under way. Wait for its end, or cancel it first.',
    };
    await expect(again()).rejects.toMatchObject(refusal);
    await beginRun(world.context, runId);
    await expect(again()).rejects.toMatchObject(refusal);
    await carryOut(world.context, runId);
    expect(await readRun(world.context, await again())).toMatchObject({ rerunOf: runId });
  });

  it('again keeps parameters and kind of the run before', async () => {
    const id = await world.agenda('first@example.com');
    const runId = await runNow(world.context, id, true);
    const again = await rerun(world.context, runId, newId());
    expect(await readRun(world.context, again)).toMatchObject({
      state: 'queued',
      trigger: 'rerun',
      dryRun: true,
      rerunOf: runId,
      parameters: { recipient: 'first@example.com' },
      startedBy: 'Ada Example',
    });
  });

  it('of another tenant finds nothing, whatever is asked', async () => {
    const automationId = await world.newsletters('olivia');
    const runId = await runNow(world.context, automationId, true);
    const stepId = (await readRun(world.context, runId)).steps[0]?.id as never;
    const tries = (id: RunId, automation: AutomationId) => [
      () => readRun(world.other, id),
      () => readChanges(world.other, id),
      () => readStep(world.other, id, stepId),
      () => cancelRun(world.other, id),
      () => rerun(world.other, id, newId()),
      () => requestRun(world.other, { automationId: automation, dryRun: true, key: newId() }),
    ];
    const attempts = [
      ...tries(runId, automationId),
      ...tries(newId<RunId>(), newId<AutomationId>()),
    ];
    for (const attempt of attempts) {
      await expect(attempt()).rejects.toMatchObject({
        code: 'not_found',
        message: 'There is nothing at this address, or it is not yours to see.',
      });
    }
    expect((await listRuns(world.other, {})).items).toEqual([]);
  });
});

describe('the list of runs', () => {
  it('pages through all of them in order, and filters', async () => {
    const mine = await testMember(world.database);
    const own = await connect(mine, accounts.olivia);
    const automationId = await makeAutomation(mine, {
      connectionId: own,
      template: 'attachment-senders',
      parameters: { days: 30, limit: 10 },
    });
    const asked: RunId[] = [];
    for (let number = 0; number < 7; number += 1) {
      asked.push(await requestRun(mine, { automationId, dryRun: number % 2 === 1, key: newId() }));
    }
    const first = await listRuns(mine, {}, undefined, 4);
    const second = await listRuns(mine, {}, first.nextCursor ?? '', 4);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([...asked].reverse());
    expect((await listRuns(mine, { dry: 'yes' })).items).toHaveLength(3);
    expect((await listRuns(mine, { state: 'failed' })).items).toEqual([]);
    expect((await listRuns(mine, { automation: newId() })).items).toEqual([]);
    await expect(listRuns(mine, {}, 'nonsense')).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
