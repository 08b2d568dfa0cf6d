import { beforeEach, describe, expect, it } from 'vitest';
import {
  type AutomationId,
  type ConnectionId,
  load,
  newId,
  type RunId,
  type TenantContext,
  type UserId,
} from '@/db';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { listPlatformRuns } from '@/lib/console';
import { takeTally, tallyAnswer } from '@/lib/observability';
import { consoleOverview, setAtLimit, tenantUsage, writeLoad } from '.';

const database = testDatabase();
let staff: StaffContext;
let tenant: TenantContext;
let userId: UserId;

beforeEach(async () => {
  await database.owner.query(
    'truncate tenants, connections, runs, jobs, load_samples, load_queues, alerts, approvals, audit_streams, support_requests, engine.runs cascade',
  );
  tenant = await database.createTenant('Harbour');
  ({ userId } = await database.createMember(tenant));
  staff = {
    ...{ userId, role: 'platform_admin', name: 'Ruth', email: 'ruth@example.com' },
    requestId: `r-${newId()}`,
  };
});

async function connection(state: string, hoursAgo = 1): Promise<ConnectionId> {
  const id = newId<ConnectionId>();
  await database.owner.query(
    `insert into connections (tenant_id, id, provider, state, state_changed_at, created_by)
     values ($1, $2, 'google', $3, now() - make_interval(hours => $4), $5)`,
    [tenant.tenantId, id, state, hoursAgo, userId],
  );
  return id;
}

/** A run asked for minutes ago, with its job. */
async function run(minutes: number, state = 'running') {
  const connectionId = await connection('active');
  const automationId = newId<AutomationId>();
  const id = newId<RunId>();
  const jobId = newId();
  const own = [tenant.tenantId, automationId, connectionId, userId];
  await database.owner.query(
    `insert into automations (tenant_id, id, name, template, parameters, connection_id, trigger, created_by)
     values ($1, $2, 'A', 'archive-newsletters', '{}', $3, '{"type":"manual"}', $4)`,
    own,
  );
  await database.owner.query(
    `insert into runs (tenant_id, id, automation_id, connection_id, state, trigger, parameters, created_at, started_at)
     values ($1, $2, $3, $4, $5, 'manual', '{}', now() - make_interval(mins => $6),
             now() - make_interval(mins => $6))`,
    [tenant.tenantId, id, automationId, connectionId, state, minutes],
  );
  await database.owner.query(
    `insert into jobs (tenant_id, id, kind, subject_id, request_id, created_at, dispatched_at)
     values ($1, $2, 'run/requested', $3, 'r', now() - make_interval(mins => $4),
             now() - make_interval(mins => $4))`,
    [tenant.tenantId, jobId, id, minutes],
  );
  return { id, jobId };
}

/** The engine's work for a job; due in so many minutes, or over. */
const work = (eventId: string, dueIn: number | null) =>
  database.owner.query(
    `insert into engine.runs (id, function_id, event_id, event, tenant, lane, state, wake_at, ended_at)
     values (gen_random_uuid(), 'automation-run', $1, '{}', $2, $2,
             case when $3::int is null then 'failed' else 'active' end,
             now() + make_interval(mins => $3), case when $3::int is null then now() - interval '1 hour' end)`,
    [eventId, tenant.tenantId, dueIn],
  );

const hold = (state: 'suspended' | 'deleting') =>
  database.owner.query('update tenants set state = $2 where id = $1', [tenant.tenantId, state]);

const needs = async () =>
  Object.fromEntries(
    (await consoleOverview(staff, {})).needs.map(({ kind, count }) => [kind, count]),
  );

describe('what needs a person', () => {
  it('is nothing where all is well', async () => {
    await connection('active');
    const { jobId } = await run(5);
    await work(jobId, 0);
    expect(await needs()).toEqual({});
  });

  it('is broken connections, with the age of the oldest', async () => {
    await connection('needs_reconsent', 5);
    await connection('blocked_by_policy', 30);
    await connection('degraded', 90);
    const { needs: found } = await consoleOverview(staff, {});
    expect(found).toMatchObject([{ kind: 'broken_connections', count: 2 }]);
    const age = Date.now() - new Date(found[0]?.oldest ?? 0).getTime();
    expect(Math.round(age / 3_600_000)).toBe(30);
  });

  it('is runs that stand still, as many as their list shows, and those that sleep', async () => {
    const stuck = [await run(61), await run(16, 'queued')];
    const asleep = await run(30);
    await work(asleep.jobId, 30);
    await run(59);
    await run(14, 'queued');
    await run(90, 'succeeded');
    expect(await needs()).toEqual({ stuck_runs: 2, parked_runs: 1 });
    const listed = async () =>
      (await listPlatformRuns(staff, { stuck: 'yes' })).items.map(({ id }) => id);
    expect((await listed()).toSorted()).toEqual(stuck.map(({ id }) => id).toSorted());
    const { items: parked } = await listPlatformRuns(staff, { parked: 'yes' });
    expect(parked.map(({ id }) => id)).toEqual([asleep.id]);
    await hold('suspended');
    expect(await listed()).toEqual([]);
    expect(await needs()).not.toHaveProperty('stuck_runs');
  });

  it('names the tenants whose streams fail, and who is asked for access', async () => {
    const { tenantId } = tenant;
    await database.owner.query(
      `insert into audit_streams (tenant_id, id, name, kind, settings, created_by, created_name, failing_since)
       select $1, gen_random_uuid(), 'S' || n, 'webhook', '{}', $2, 'R', now() - interval '2 hours'
         from generate_series(1, 2) n`,
      [tenantId, userId],
    );
    await database.owner.query(
      `insert into support_requests (tenant_id, id, user_id, staff_name, reason, expires_at)
       values ($1, gen_random_uuid(), $2, 'Ruth', 'A ticket', now() + interval '1 hour')`,
      [tenantId, userId],
    );
    const named = { tenants: [{ id: tenantId, name: 'Harbour' }] };
    expect((await consoleOverview(staff, {})).needs).toMatchObject([
      { kind: 'support_requests', count: 1, ...named },
      { kind: 'failing_streams', count: 2, ...named },
    ]);
  });

  it('is what staff has to decide', async () => {
    await database.owner.query(
      `insert into approvals (id, kind, subject, reason, asked_by, expires_at)
       values (gen_random_uuid(), 'tenant.delete', '{}', 'asked', $1, now() + interval '1 hour'),
              (gen_random_uuid(), 'tenant.delete', '{}', 'late', $1, now() - interval '1 hour')`,
      [userId],
    );
    await database.owner.query(
      `insert into alerts (id, rule, subject, first_seen_at, last_seen_at, denials, tenants, counted_until)
       values (gen_random_uuid(), 'actor_burst', $1, now(), now(), 3, 1, now())`,
      [userId],
    );
    expect(await needs()).toEqual({ alerts: 1, approvals: 1 });
  });

  it('is looked at on record', async () => {
    await consoleOverview(staff, {});
    const { rows } = await database.owner.query(
      `select count(*)::int as looks from staff_access_logs
        where action = 'overview.opened' and request_id = $1`,
      [staff.requestId],
    );
    expect(rows).toEqual([{ looks: 1 }]);
  });
});

/** What is summed up by the minute is done over when a minute ended in its midst. */
async function withinOneMinute(task: () => Promise<void>): Promise<void> {
  const minute = async () =>
    String((await database.owner.query("select date_trunc('minute', now()) as at")).rows[0].at);
  for (;;) {
    const before = await minute();
    await task();
    if ((await minute()) === before) return;
  }
}

describe('load', () => {
  it('is what was answered and how the queue stood, by the minute', async () => {
    const { jobId } = await run(20);
    await work(jobId, -10);
    await withinOneMinute(async () => {
      await database.owner.query('truncate load_samples, load_queues');
      takeTally();
      for (const status of [200, 200, 200, 500]) tallyAnswer(status, 25);
      await writeLoad();
      tallyAnswer(200, 25);
      await load.addRequests(takeTally());
      await load.sampleLoad();
    });
    const { points, queues, now } = await consoleOverview(staff, { window: '3h' });
    expect(points).toHaveLength(90);
    const sum = points.reduce((total, { requests }) => total + (requests ?? 0), 0);
    expect(sum).toBeGreaterThan(0);
    const last = points.findLast(({ requests }) => requests !== null);
    expect(last).toMatchObject({ errorPercent: 20, answerMs: 25, waiting: 1 });
    expect(last?.oldestWaitMs).toBeGreaterThanOrEqual(600_000);
    expect(now).toMatchObject({ waiting: 1 });
    expect(queues).toMatchObject([{ tenantName: 'Harbour', waiting: 1 }]);
    expect(Math.max(...(queues[0]?.history ?? []))).toBe(1);
  });

  it.each(['suspended', 'deleting'] as const)(
    'leaves out what waits of a tenant that is %s',
    async (state) => {
      const { jobId } = await run(20);
      await work(jobId, -10);
      await hold(state);
      await load.sampleLoad();
      const { points, queues, now } = await consoleOverview(staff, { window: '3h' });
      expect(points.findLast(({ waiting }) => waiting !== null)).toMatchObject({
        waiting: 0,
        oldestWaitMs: 0,
      });
      expect(now).toMatchObject({ waiting: 0, oldestWaitMs: 0 });
      expect(queues).toEqual([]);
    },
  );

  it('is not known where nobody looked', async () => {
    const { points } = await consoleOverview(staff, { window: '7d' });
    expect(points[0]).toMatchObject({ requests: null, errorPercent: null, waiting: null });
  });

  it('is forgotten after 14 days', async () => {
    await database.owner.query(
      `insert into load_samples (minute) values (now() - interval '15 days'), (now() - interval '13 days')`,
    );
    expect(await load.purgeLoad()).toBe(1);
  });
});

describe('a tenant’s usage, for staff', () => {
  it('is what its own people see, and the look is on record', async () => {
    await run(5);
    const { tenant: shown, report } = await tenantUsage(staff, tenant.tenantId, { period: '24h' });
    expect(shown.name).toBe('Harbour');
    expect(report.totals.runs).toBe(1);
    const { rows } = await database.owner.query(
      'select action, tenant_id from staff_access_logs where request_id = $1',
      [staff.requestId],
    );
    expect(rows).toEqual([{ action: 'usage.opened', tenant_id: tenant.tenantId }]);
  });

  it('what happens at the limit is set once, on both records', async () => {
    await setAtLimit(staff, { tenantId: tenant.tenantId, atLimit: 'tell' });
    await setAtLimit(staff, { tenantId: tenant.tenantId, atLimit: 'tell' });
    const { rows } = await database.owner.query(
      `select actor_type, actor_name, details from audit_events
        where tenant_id = $1 and action = 'limits.action_set'`,
      [tenant.tenantId],
    );
    expect(rows).toEqual([
      {
        actor_type: 'staff',
        actor_name: 'Ruth',
        details: { before: 'refuse', after: 'tell' },
      },
    ]);
    const { report } = await tenantUsage(staff, tenant.tenantId, {});
    expect(report.atLimit).toBe('tell');
  });

  it('of nobody is not found', async () => {
    const nobody = newId<TenantContext['tenantId']>();
    await expect(tenantUsage(staff, nobody, {})).rejects.toMatchObject({ code: 'not_found' });
    await expect(setAtLimit(staff, { tenantId: nobody, atLimit: 'tell' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});
