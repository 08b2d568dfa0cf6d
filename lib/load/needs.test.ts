import { beforeAll, describe, expect, it } from 'vitest';
import { newId, type TenantContext, type UserId } from '@/db';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { listDeletions } from '@/lib/deletions';
import { listPlatformExports, platformExportFilter } from '@/lib/exports';
import { deletionFilter } from '@/lib/lifecycle';
import { brokenConnectionFilter, listBrokenConnections } from '@/lib/platform';
import { listPlatformStreams, platformStreamFilter } from '@/lib/streams';
import { listSupportRequests, platformRequestFilter } from '@/lib/support';
import { approvalFilter, listApprovals } from '@/lib/two-persons';
import { consoleOverview } from '.';
import { type NeedKind, needWords } from './contract';

const database = testDatabase();
const userId = newId<UserId>();
const staff: StaffContext = {
  ...{ userId, role: 'platform_admin', name: 'Ruth', email: 'ruth@example.com' },
  requestId: 'request-1',
};
let harbour: TenantContext;
let quarry: TenantContext;

const write = (text: string, values: readonly unknown[]) => database.owner.query(text, [...values]);

const stream = ({ tenantId }: TenantContext, state: string, failing: boolean) =>
  write(
    `insert into audit_streams
       (tenant_id, id, name, kind, state, settings, created_by, created_name, failing_since, failure, failures)
     values ($1, $2, 'S', 'syslog', $3, '{}', $4, 'R', case when $5 then now() end,
             case when $5 then 'Nobody listens there.' end, 3)`,
    [tenantId, newId(), state, userId, failing],
  );

interface Export {
  readonly format?: 'csv' | 'jsonl';
  readonly state?: string;
  readonly daysAgo?: number;
}

const exportOf = (
  { tenantId }: TenantContext,
  { format = 'csv', state = 'failed', daysAgo = 1 }: Export,
) =>
  write(
    `insert into exports (tenant_id, id, kind, format, state, requested_by, requested_name, error,
                          created_at, finished_at)
     values ($1, $2, 'audit', $3, $4, $5, 'Ida Moe', 'There is no room.',
             now() - make_interval(days => $6), now() - make_interval(days => $6))`,
    [tenantId, newId(), format, state, userId, daysAgo],
  );

const request = ({ tenantId }: TenantContext, decision: string | null, hours: number) =>
  write(
    `insert into support_requests (tenant_id, id, user_id, staff_name, reason, expires_at, decision)
     values ($1, $2, $3, 'Ruth', 'A run fails each night', now() + make_interval(hours => $4), $5)`,
    [tenantId, newId(), userId, hours, decision],
  );

const connection = ({ tenantId }: TenantContext, state: string) =>
  write(
    `insert into connections (tenant_id, id, provider, state, created_by)
     values ($1, $2, 'google', $3, $4)`,
    [tenantId, newId(), state, userId],
  );

const deletion = ({ tenantId }: TenantContext, stage: string, error: string | null) =>
  write(
    `insert into tenant_deletions
       (tenant_id, id, tenant_name, origin, asked_by, asked_name, grace_until, stage, error,
        ended_at, ended_name)
     values ($1, $2, 'T', 'owner', $3, 'Ida', now(), 'grace', $5,
             case when $4 = 'ended' then now() end, case when $4 = 'ended' then 'Ida' end)`,
    [tenantId, newId(), userId, stage, error],
  );

const approval = (kind: string, { tenantId }: TenantContext) =>
  write(
    `insert into approvals (id, kind, tenant_id, subject, reason, asked_by, expires_at)
     values ($1, $2, $3, '{"tenantName": "T", "sessionId": "S"}', 'A ticket', $4,
             now() + interval '1 hour')`,
    [newId(), kind, tenantId, newId()],
  );

beforeAll(async () => {
  harbour = await database.createTenant('Harbour');
  quarry = await database.createTenant('Quarry');
  await stream(harbour, 'active', true);
  await stream(quarry, 'active', true);
  await stream(quarry, 'active', false);
  await stream(quarry, 'paused', true);
  await exportOf(harbour, {});
  await exportOf(harbour, { format: 'jsonl' });
  await exportOf(harbour, { format: 'jsonl', state: 'queued', daysAgo: 0 });
  await exportOf(quarry, { daysAgo: 8 });
  await exportOf(quarry, { state: 'done' });
  await request(harbour, null, 1);
  await request(quarry, null, 1);
  await request(quarry, null, -1);
  await request(quarry, 'approved', 1);
  await connection(harbour, 'needs_reconsent');
  await connection(quarry, 'active');
  await deletion(harbour, 'grace', null);
  await deletion(quarry, 'ended', 'It does not answer.');
  await deletion(quarry, 'grace', 'It does not answer.');
  await approval('tenant.delete', harbour);
  await approval('support.write', quarry);
});

/** What stands in the address that a line leads to. */
const asked = (kind: NeedKind) =>
  Object.fromEntries(new URL(needWords[kind].href, 'http://localhost').searchParams);

const lists = {
  failing_streams: async () =>
    (await listPlatformStreams(staff, platformStreamFilter.parse(asked('failing_streams')))).items,
  failed_exports: async () =>
    (await listPlatformExports(staff, platformExportFilter.parse(asked('failed_exports')))).items,
  support_requests: async () =>
    (await listSupportRequests(staff, platformRequestFilter.parse(asked('support_requests'))))
      .items,
  broken_connections: async () =>
    (await listBrokenConnections(staff, brokenConnectionFilter.parse(asked('broken_connections'))))
      .items,
  deletions: () => listDeletions(staff, deletionFilter.parse(asked('deletions'))),
  failed_deletions: () => listDeletions(staff, deletionFilter.parse(asked('failed_deletions'))),
} as const satisfies Partial<Record<NeedKind, () => Promise<readonly { tenantId: string }[]>>>;

describe('a line of what needs a person', () => {
  it.each([
    ['failing_streams', ['Harbour', 'Quarry']],
    ['failed_exports', ['Harbour']],
    ['support_requests', ['Harbour', 'Quarry']],
    ['broken_connections', ['Harbour']],
    ['deletions', ['Harbour', 'Quarry']],
    ['failed_deletions', ['Quarry']],
  ] as const)('leads to a list of exactly what it counts: %s', async (kind, whose) => {
    const { needs } = await consoleOverview(staff, {});
    const names = new Map<string, string>([
      [harbour.tenantId, 'Harbour'],
      [quarry.tenantId, 'Quarry'],
    ]);
    const listed = (await lists[kind]()).map(({ tenantId }) => names.get(tenantId));
    expect(listed.toSorted()).toEqual(whose);
    expect(needs.find((need) => need.kind === kind)).toMatchObject({ count: whose.length });
  });

  it.each([
    ['platform_admin', ['Harbour', 'Quarry']],
    ['support', ['Quarry']],
  ] as const)('counts the approvals that its list shows to who looks: %s', async (role, whose) => {
    const who = { ...staff, role };
    const { needs } = await consoleOverview(who, {});
    expect(needs.find(({ kind }) => kind === 'approvals')).toMatchObject({ count: whose.length });
    const { show = 'waiting' } = approvalFilter.parse(asked('approvals'));
    const { items } = await listApprovals(who, show);
    const ids = items.map(({ tenantId }) => (tenantId === harbour.tenantId ? 'Harbour' : 'Quarry'));
    expect(ids.toSorted()).toEqual(whose);
  });

  it('names those whose streams fail, whose exports failed, and who is asked for access', async () => {
    const { needs } = await consoleOverview(staff, {});
    const named = Object.fromEntries(
      needs.map(({ kind, tenants }) => [kind, tenants.map(({ name }) => name)]),
    );
    expect(named).toMatchObject({
      failing_streams: ['Harbour', 'Quarry'],
      failed_exports: ['Harbour'],
      support_requests: ['Harbour', 'Quarry'],
      broken_connections: [],
    });
  });
});

describe('a list across tenants', () => {
  it('shows how a stream stands, and neither what it is called nor where it leads', async () => {
    const { items } = await listPlatformStreams(staff, { state: 'failing' });
    expect(items[0]).toEqual({
      ...{ id: expect.any(String), tenantId: quarry.tenantId, tenantName: 'Quarry' },
      ...{ kind: 'syslog', state: 'failing', failure: 'Nobody listens there.', failures: 3 },
      ...{ delivered: 0, deliveredAt: null, createdAt: expect.any(String) },
      ...{ failingSince: expect.any(String), nextAttemptAt: expect.any(String) },
    });
  });

  it('is narrowed to one tenant, on the staff’s record under that tenant', async () => {
    const filter = { tenant: quarry.tenantId };
    const own = [
      (await listPlatformStreams(staff, filter)).items,
      (await listPlatformExports(staff, filter)).items,
      (await listSupportRequests(staff, filter)).items,
    ];
    expect(own.map((items) => items.length)).toEqual([3, 2, 3]);
    expect(own.flat().every(({ tenantId }) => tenantId === quarry.tenantId)).toBe(true);
    const { rows } = await database.owner.query(
      `select distinct action from staff_access_logs
        where tenant_id = $1 and details -> 'filter' ->> 'tenant' = $1::text order by 1`,
      [quarry.tenantId],
    );
    expect(rows.map(({ action }) => action)).toEqual([
      'exports.listed',
      'streams.listed',
      'support.listed',
    ]);
  });

  it('tells apart how requests were answered', async () => {
    const { items } = await listSupportRequests(staff, { tenant: quarry.tenantId });
    const states = items.map(({ state }) => state).toSorted();
    expect(states).toEqual(['approved', 'expired', 'waiting']);
    for (const state of states) {
      const found = await listSupportRequests(staff, { tenant: quarry.tenantId, state });
      expect(found.items.map((item) => item.state)).toEqual([state]);
    }
  });
});
