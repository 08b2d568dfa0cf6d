import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AutomationId, type ConnectionId, dueAutomations, newId, withTenant } from '@/db';
import { automations, connections, runs } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import { testMember } from '@/lib/connections/testing';
import type { MemberContext } from '@/lib/tenancy';
import { claimSlot, startDueRuns } from './scheduler';

const database = testDatabase();
let context: MemberContext;
let connectionId: ConnectionId;

beforeAll(async () => {
  context = await testMember(database);
  connectionId = newId<ConnectionId>();
  await withTenant(context, (tx) =>
    tx.insert(connections).values({
      tenantId: context.tenantId,
      id: connectionId,
      provider: 'google',
      state: 'active',
      createdBy: context.userId,
    }),
  );
});
beforeEach(() => database.owner.query('update automations set next_run_at = null'));

const now = new Date();
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

/** An automation every five minutes that was due then. */
async function due(at: Date, rest: Partial<typeof automations.$inferInsert> = {}) {
  const id = newId<AutomationId>();
  await withTenant(context, (tx) =>
    tx.insert(automations).values({
      tenantId: context.tenantId,
      id,
      name: 'Often',
      template: 'archive-newsletters',
      parameters: { label: 'A' },
      connectionId,
      trigger: { type: 'schedule', cron: '*/5 * * * *', timeZone: 'UTC' },
      nextRunAt: at,
      createdBy: context.userId,
      ...rest,
    }),
  );
  return id;
}
async function runsOf(id: AutomationId) {
  const { rows } = await database.owner.query(
    `select r.state, r.trigger, r.parameters, r.requested_by,
            (select count(*)::int from jobs j where j.subject_id = r.id) as jobs,
            (select count(*)::int from audit_events a
              where a.run_id = r.id and a.action = 'run.requested') as audits
       from runs r where automation_id = $1`,
    [id],
  );
  return rows;
}
async function nextOf(id: AutomationId): Promise<Date | null> {
  const { rows } = await database.owner.query('select next_run_at from automations where id = $1', [
    id,
  ]);
  return rows[0].next_run_at;
}

describe('the scheduler', () => {
  it('starts what is due, with a job and its audit event', async () => {
    const id = await due(minutesAgo(1));
    expect(await startDueRuns(now)).toBe(1);
    expect(await runsOf(id)).toEqual([
      {
        state: 'queued',
        trigger: 'schedule',
        parameters: { label: 'A' },
        requested_by: null,
        jobs: 1,
        audits: 1,
      },
    ]);
  });

  it('fires once after a standstill, and then at the next time that lies ahead', async () => {
    const id = await due(minutesAgo(600));
    expect(await startDueRuns(now)).toBe(1);
    expect(await startDueRuns(now)).toBe(0);
    expect(await runsOf(id)).toHaveLength(1);
    expect((await nextOf(id))?.getTime()).toBeGreaterThan(now.getTime());
  });

  it('starts one run for a slot however many processes see it', async () => {
    const id = await due(minutesAgo(1));
    const [slot] = await dueAutomations(10);
    if (!slot) throw new Error('nothing is due');
    const claims = await Promise.all(Array.from({ length: 8 }, () => claimSlot(slot, now)));
    expect(claims.filter((run) => run !== null)).toHaveLength(1);
    expect(await runsOf(id)).toHaveLength(1);
  });

  it('leaves a time out while the run before it is not done', async () => {
    const id = await due(minutesAgo(1));
    await startDueRuns(now);
    await database.owner.query('update automations set next_run_at = $2 where id = $1', [
      id,
      minutesAgo(1),
    ]);
    expect(await startDueRuns(now)).toBe(0);
    expect((await nextOf(id))?.getTime()).toBeGreaterThan(now.getTime());
    await withTenant(context, (tx) => tx.update(runs).set({ state: 'succeeded' }));
    await database.owner.query('update automations set next_run_at = $2 where id = $1', [
      id,
      minutesAgo(1),
    ]);
    expect(await startDueRuns(now)).toBe(1);
  });

  it.each([
    ['switched off', { enabled: false }],
    ['removed', { archivedAt: new Date() }],
  ])('leaves alone what is %s', async (_how, rest) => {
    const id = await due(minutesAgo(1), rest);
    expect(await startDueRuns(now)).toBe(0);
    expect(await runsOf(id)).toEqual([]);
  });

  it('leaves alone what is not due yet', async () => {
    await due(new Date(Date.now() + 60_000));
    expect(await startDueRuns(now)).toBe(0);
  });

  it('starts nothing for an organisation that is suspended', async () => {
    const id = await due(minutesAgo(1));
    const setState = (state: string) =>
      database.owner.query('update tenants set state = $2 where id = $1', [
        context.tenantId,
        state,
      ]);
    await setState('suspended');
    expect(await startDueRuns(now)).toBe(0);
    expect(await runsOf(id)).toEqual([]);
    await setState('active');
  });

  it('lets a schedule rest that cannot be read, and goes on to the next', async () => {
    const broken = await due(minutesAgo(2), {
      trigger: { type: 'schedule', cron: 'broken', timeZone: 'UTC' },
    });
    const good = await due(minutesAgo(1));
    expect(await startDueRuns(now)).toBe(1);
    expect(await runsOf(good)).toHaveLength(1);
    expect(await runsOf(broken)).toEqual([]);
    expect(await nextOf(broken)).toBeNull();
  });
});
