import { describe, expect, it } from 'vitest';
import { newId, type RunId } from '@/db';
import { testDatabase } from '@/db/testing';
import { auditEvent, browseAudit } from '@/lib/audit';
import { encodeCursor } from '@/lib/paging';
import { browsePlatformAudit } from '@/lib/platform';
import { cancelRunAsStaff, listPlatformRuns, openPerson, openPlatformRun, openRequest } from '.';
import { platformRunFilter } from './contract';
import { runStory, secret, somebodyOfStaff } from './testing';

const database = testDatabase();
const staff = somebodyOfStaff();
const list = (filter: Readonly<Record<string, string | undefined>>, cursor?: string) =>
  listPlatformRuns(staff, platformRunFilter.parse(filter), cursor);

describe('runs across tenants', () => {
  it('are found by tenant, state, trigger, template and day, within a tenant and across', async () => {
    const run = await runStory(database, 'Filtered');
    const day = new Date().toISOString().slice(0, 10);
    const yesterday = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10);
    const own = { tenant: run.tenantId };
    for (const filter of [
      { state: 'running' },
      { trigger: 'manual' },
      { template: 'external-files' },
      { from: yesterday },
      { to: day },
    ]) {
      const across = await list(filter);
      expect(across.items.map(({ id }) => id)).toContain(run.runId);
      expect((await list({ ...own, ...filter })).items).toMatchObject([
        { id: run.runId, tenantName: 'Filtered', template: 'external-files', stuck: false },
      ]);
    }
    for (const filter of [
      { state: 'failed' },
      { trigger: 'schedule' },
      { template: 'focus-block' },
      { to: yesterday },
      { stuck: 'yes' },
    ]) {
      expect((await list({ ...own, ...filter })).items).toEqual([]);
    }
  });

  it('are stuck when no step has begun or ended for an hour', async () => {
    const still = await runStory(database, 'Still', { minutesAgo: 61 });
    const moving = await runStory(database, 'Moving', { minutesAgo: 61 });
    await database.owner.query('update run_steps set finished_at = now() where run_id = $1', [
      moving.runId,
    ]);
    const ids = (await list({ stuck: 'yes' })).items.map(({ id }) => id);
    expect(ids).toContain(still.runId);
    expect(ids).not.toContain(moving.runId);
    const own = await list({ tenant: moving.tenantId });
    expect(own.items).toMatchObject([{ stuck: false }]);
    expect(await openPlatformRun(staff, still.runId)).toMatchObject({ stuck: true });
  });

  it('go on where a page ended, and refuse a cursor of another list', async () => {
    const { tenantId, runId } = await runStory(database, 'Paged');
    for (let n = 1; n <= 60; n += 1) {
      await database.owner.query(
        `insert into runs (tenant_id, id, created_at, automation_id, connection_id, trigger, parameters)
         select tenant_id, gen_random_uuid(), created_at - $2 * interval '1 second', automation_id,
                connection_id, 'manual', '{}' from runs where id = $1`,
        [runId, n],
      );
    }
    for (const filter of [{}, { tenant: tenantId }]) {
      const first = await list(filter);
      expect(first.items).toHaveLength(50);
      const next = await list(filter, first.nextCursor ?? '');
      const ids = [...first.items, ...next.items].map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
    await expect(list({}, 'bm9uZQ')).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('refuse a cursor of a year that no calendar has', async () => {
    const cursor = encodeCursor(['0000-01-01T00:00:00.000Z', newId()]);
    await expect(list({}, cursor)).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it.each(['0000-01-01', '9999-12-31'])('are listed whatever day is asked for: %s', async (day) => {
    const { tenantId } = await runStory(database, 'Any day');
    for (const filter of [{ from: day }, { to: day }]) {
      const { items } = await list({ tenant: tenantId, ...filter });
      expect(items.length).toBeLessThanOrEqual(1);
    }
  });
});

describe('one run', () => {
  it('tells how it ran, and nothing of what it is called or touched', async () => {
    const story = await runStory(database, 'Told');
    const run = await openPlatformRun(staff, story.runId);
    expect(run).toMatchObject({
      tenantName: 'Told',
      requestId: story.requestId,
      requestedBy: { id: story.userId },
      steps: [{ key: 'scan', attempts: 2, state: 'running' }],
      calls: { items: [{ method: 'GET', host: 'www.googleapis.com', status: 200 }], more: false },
      effects: { items: [{ action: 'files.share', state: 'done' }] },
      events: { items: [{ action: 'effect.done' }, { action: 'run.requested' }] },
    });
    expect(JSON.stringify(run)).not.toContain(secret);
  });

  it('leaves a look that names its tenant', async () => {
    const story = await runStory(database, 'Looked at');
    const sam = somebodyOfStaff();
    await openPlatformRun(sam, story.runId);
    const { rows } = await database.owner.query(
      'select tenant_id, action, details from staff_access_logs where user_id = $1',
      [sam.userId],
    );
    expect(rows).toEqual([
      {
        tenant_id: story.tenantId,
        action: 'run.opened',
        details: { filter: { run: story.runId } },
      },
    ]);
  });

  it('that nobody has is not found', async () => {
    await expect(openPlatformRun(staff, newId<RunId>())).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('staff who cancel a run', () => {
  it('do so under their name, with their reason, on the tenant’s own record', async () => {
    const { tenantId, runId } = await runStory(database, 'Cancelled');
    await database.owner.query(`update run_steps set state = 'retrying' where run_id = $1`, [
      runId,
    ]);
    await cancelRunAsStaff(staff, { runId, reason: 'It keeps the queue busy.' });
    expect((await openPlatformRun(staff, runId)).state).toBe('cancelled');
    const { items } = await browseAudit({ tenantId }, { action: 'run.cancelled' });
    expect(items).toMatchObject([{ actorType: 'staff', actorName: 'Sam Support', runId }]);
    const event = await auditEvent({ tenantId }, items[0]?.id as never);
    expect(event.details).toEqual({ reason: 'It keeps the queue busy.' });
  });

  it('are told when it has ended', async () => {
    const { runId } = await runStory(database, 'Over');
    await database.owner.query(`update runs set state = 'succeeded' where id = $1`, [runId]);
    const late = cancelRunAsStaff(staff, { runId, reason: 'Too late for that.' });
    await expect(late).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('a request', () => {
  it('leads to its events, its runs and their calls, in whichever tenant', async () => {
    const story = await runStory(database, 'Followed');
    const found = await openRequest(staff, story.requestId);
    expect(found).toMatchObject({
      events: { items: [{ runId: story.runId }, { runId: story.runId }] },
      runs: { items: [{ id: story.runId }] },
      calls: { items: [{ runId: story.runId, connectionId: story.connectionId }] },
    });
    expect(JSON.stringify(found)).not.toContain(secret);
  });

  it('leads to the calls of a discovery that it asked for', async () => {
    const story = await runStory(database, 'Discovered');
    const [discovery, request] = [newId(), `request-${newId()}`];
    await database.owner.query(
      `insert into audit_events (tenant_id, id, actor_type, actor_name, action, target_type, target_id,
         target_name, outcome, request_id, connection_id)
       values ($1, $2, 'system', 'Tenantry', 'discovery.requested', 'discovery', $3, $6, 'success', $4, $5)`,
      [story.tenantId, newId(), discovery, request, story.connectionId, secret],
    );
    await database.owner.query(
      `insert into provider_calls (tenant_id, id, connection_id, discovery_id, method, path, outcome, duration_ms)
       values ($1, $2, $3, $4, 'GET', '/x', 'ok', 5)`,
      [story.tenantId, newId(), story.connectionId, discovery],
    );
    const { calls } = await openRequest(staff, request);
    expect(calls.items).toMatchObject([{ method: 'GET', runId: null }]);
  });

  it('that no record carries is not found', async () => {
    await expect(openRequest(staff, 'nobody-asked-1')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a person', () => {
  it('leads to where they belong and to what they did', async () => {
    const { userId, runId } = await runStory(database, 'Known');
    expect(await openPerson(staff, userId)).toMatchObject({
      memberships: [{ tenantName: 'Known', role: 'owner' }],
      events: { items: [{ action: 'run.requested', runId }] },
    });
  });
});

describe('an automation that acted', () => {
  it('is called by its id across tenants, and by its name in its own', async () => {
    const { tenantId, automationId } = await runStory(database, 'Named');
    const { items } = await browsePlatformAudit(staff, { tenant: tenantId, action: 'effect.done' });
    expect(items).toMatchObject([{ actorName: `Automation ${automationId.slice(-12)}` }]);
    const own = await browseAudit({ tenantId }, { action: 'effect.done' });
    expect(own.items).toMatchObject([{ actorName: secret }]);
  });
});
