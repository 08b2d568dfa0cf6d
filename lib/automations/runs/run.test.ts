import { describe, expect, it } from 'vitest';
import { newId } from '@/db';
import { updateAutomation } from '../manage/change';
import { auditOf, carryOut, runNow } from '../testing';
import { newAddress, runWorld, summed } from '../testing/run-world';
import { readRun } from './read';
import { readChanges, readStep } from './read-step';
import { requestRun } from './request';

const world = runWorld();

describe('a dry run', () => {
  it('foresees every change and makes none', async () => {
    const runId = await runNow(world.context, await world.newsletters('olivia', 'Foreseen'), true);
    const run = await readRun(world.context, runId);
    const { changes, total } = await readChanges(world.context, runId);
    expect(run).toMatchObject({ state: 'succeeded', dryRun: true });
    expect(total).toBeGreaterThan(1);
    expect(summed(run, /would be archived/)).toBe(total - 1);
    expect(changes[0]).toMatchObject({ title: 'Label “Foreseen”', before: null });
    expect(changes[1]).toMatchObject({
      before: 'In the inbox',
      after: 'Archived with label “Foreseen”',
    });
    expect(world.mutations()).toEqual([]);
    expect(await auditOf(world.database, runId)).toEqual(['run.requested', 'run.finished']);
  });

  it.each([
    ['morning-agenda', { recipient: 'a@example.com', calendars: [], timeZone: 'UTC' }],
    ['attachment-senders', { days: 365, limit: 50 }],
    ['external-files', { ownDomains: '', limit: 100 }],
    ['focus-block', { title: 'Focus', from: '23:45', minutes: 480, timeZone: 'UTC' }],
  ])('of %s asks the provider and changes nothing', async (template, parameters) => {
    const id = await world.make(template, parameters);
    const runId = await runNow(world.context, id, true);
    const run = await readRun(world.context, runId);
    expect(run).toMatchObject({ state: 'succeeded', reports: [] });
    expect(world.google.requests({ method: 'GET' }).length).toBeGreaterThan(0);
    expect(world.mutations()).toEqual([]);
    expect((await readChanges(world.context, runId)).total).toBe(1);
  });
});

describe('a run', () => {
  it('labels and archives newsletters, each once, with its steps on record', async () => {
    const before = await world.mails('in:inbox older_than:7d', 'victor');
    const runId = await runNow(world.context, await world.newsletters('victor', 'Papers'));
    const run = await readRun(world.context, runId);
    const archived = Number(summed(run, /archived/));
    expect(run.state).toBe('succeeded');
    expect(archived).toBeGreaterThan(0);
    expect(await world.mails('label:Papers -in:inbox', 'victor')).toHaveLength(archived);
    expect(await world.mails('in:inbox older_than:7d', 'victor')).toHaveLength(
      before.length - archived,
    );
    expect(world.modifications()).toHaveLength(archived);
    expect(run.steps.map(({ state }) => state)).toEqual(run.steps.map(() => 'succeeded'));
    expect(run.upcoming).toEqual([]);
    const archive = run.steps.find(({ key }) => key === 'archive/1');
    const detail = await readStep(world.context, runId, (archive?.id ?? '') as never);
    expect(detail.effects.total).toBe(archive?.changes);
    expect(detail.effects.items[0]).toMatchObject({ state: 'done', action: 'mail.archive' });
    expect(detail.calls.total).toBe(archive?.changes);
  });

  it('mails today’s agenda once', async () => {
    const recipient = newAddress();
    const runId = await runNow(world.context, await world.agenda(recipient));
    expect(await readRun(world.context, runId)).toMatchObject({ state: 'succeeded' });
    expect(await world.mails(`to:${recipient}`)).toHaveLength(1);
  });

  it('leaves a mail’s text out of its record', async () => {
    const runId = await runNow(world.context, await world.agenda(newAddress()));
    const step = (await readRun(world.context, runId)).steps.find(({ key }) => key === 'send');
    const { input } = await readStep(world.context, runId, step?.id as never);
    expect(input).toMatchObject({ text: '[redacted]', html: '[redacted]' });
    const { rows } = await world.database.owner.query(
      'select carry from run_steps where run_id = $1',
      [runId],
    );
    expect(rows.map(({ carry }) => carry)).toEqual(rows.map(() => null));
  });

  it('writes the senders of attachments into a report', async () => {
    const id = await world.make('attachment-senders', { days: 730, limit: 100 });
    const run = await readRun(world.context, await runNow(world.context, id));
    expect(run).toMatchObject({ state: 'succeeded', reports: [{ title: expect.any(String) }] });
    expect(Number(summed(run, /Senders/))).toBeGreaterThan(0);
    expect(world.mutations()).toEqual([]);
  });

  it('lists the files that outsiders can open', async () => {
    const id = await world.make('external-files', { ownDomains: '', limit: 1_000 });
    const run = await readRun(world.context, await runNow(world.context, id));
    expect(run.state).toBe('succeeded');
    expect(Number(summed(run, /Files/))).toBeGreaterThan(0);
    expect(world.mutations()).toEqual([]);
  });

  it('books a free time once, and leaves it alone when it is taken', async () => {
    const id = await world.make('focus-block', {
      title: 'Deep work',
      from: '23:30',
      minutes: 480,
      timeZone: 'UTC',
    });
    const first = await readRun(world.context, await runNow(world.context, id));
    expect(summed(first, /Booked/)).toBe('Yes');
    const second = await readRun(world.context, await runNow(world.context, id));
    expect(summed(second, /Booked/)).toBe('No');
    expect(second.steps.at(-1)).toMatchObject({
      state: 'skipped',
      error: 'The time is taken by “Deep work”.',
    });
    expect(world.mutations()).toHaveLength(1);
  });

  it('keeps the parameters that it was asked for with', async () => {
    const [first, second] = [newAddress(), newAddress()];
    const id = await world.agenda(first);
    const runId = await requestRun(world.context, {
      automationId: id,
      dryRun: false,
      key: newId(),
    });
    await updateAutomation(world.context, id, {
      name: 'Test',
      connectionId: world.connection(),
      parameters: { recipient: second, calendars: [], timeZone: 'UTC' },
      trigger: { type: 'manual' },
    });
    await carryOut(world.context, runId);
    expect(await world.mails(`to:${first}`)).toHaveLength(1);
    expect(await world.mails(`to:${second}`)).toHaveLength(0);
  });

  it('that finds nothing to do says so', async () => {
    const id = await world.make('archive-newsletters', {
      label: 'Never',
      olderThanDays: 365,
      limit: 5,
    });
    const run = await readRun(world.context, await runNow(world.context, id));
    expect(run.state).toBe('succeeded');
    expect(run.steps.filter(({ state }) => state === 'skipped').length).toBeGreaterThan(0);
    expect(await world.mails('label:Never')).toEqual([]);
  });
});
