import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId, type TenantContext, type TenantId, type UserId, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { limitsOf } from '@/lib/limits';
import { holdTestKey } from '@/lib/vault/testing';
import {
  addNote,
  changeTenantLimits,
  exportTenants,
  listTenants,
  listViews,
  readNotes,
  readTenantLimits,
  removeView,
  resumeTenant,
  saveView,
  suspendTenant,
  tenantOverview,
} from '.';

const database = testDatabase();
beforeAll(() => holdTestKey());

async function staffNamed(name: string): Promise<StaffContext> {
  const userId = newId<UserId>();
  const email = `${userId}@support.example`;
  await database.owner.query('insert into users (id, email, name) values ($1, $2, $3)', [
    userId,
    email,
    name,
  ]);
  await database.owner.query(`insert into staff (user_id, role) values ($1, 'platform_admin')`, [
    userId,
  ]);
  return { userId, role: 'platform_admin', name, email, requestId: newId() };
}

let ada: StaffContext;
let tenant: TenantContext;
beforeEach(async () => {
  ada = await staffNamed('Ada Admin');
  tenant = await database.createTenant(`Cared for ${newId().slice(-6)}`);
});

const nothing = {
  automations: null,
  members: null,
  runsAtOnce: null,
  runsPerMonth: null,
  providerBudgetPercent: null,
  retentionRunsDays: null,
  retentionLogsDays: null,
  retentionResourcesDays: null,
};

interface Event {
  readonly action: string;
  readonly actor_type: string;
  readonly actor_name: string;
  readonly details: Record<string, unknown>;
}

async function onRecord(tenantId: TenantId, like: string): Promise<readonly Event[]> {
  const { rows } = await database.owner.query<Event>(
    `select action, actor_type, actor_name, details from audit_events
      where tenant_id = $1 and action like $2 order by id`,
    [tenantId, like],
  );
  return rows;
}

async function stateOf({ tenantId }: TenantContext) {
  const { rows } = await database.owner.query<{ name: string; state: string }>(
    'select name, state from tenants where id = $1',
    [tenantId],
  );
  return rows[0];
}

describe('limits', () => {
  it('are the platform’s until staff say otherwise, and then hold at once', async () => {
    expect((await limitsOf(tenant)).automations).toBe(200);
    await changeTenantLimits(ada, {
      tenantId: tenant.tenantId,
      limits: { ...nothing, automations: 3 },
      reason: 'A small plan',
    });
    expect(await limitsOf(tenant)).toMatchObject({ automations: 3, members: 500 });
    const view = await readTenantLimits(ada, tenant.tenantId);
    expect(view).toMatchObject({ own: { automations: 3, members: null }, use: { automations: 0 } });
  });

  it('are on the tenant’s record with what was before, under the staff member’s name', async () => {
    const { tenantId } = tenant;
    await changeTenantLimits(ada, {
      tenantId,
      limits: { ...nothing, members: 5 },
      reason: 'Trial',
    });
    await changeTenantLimits(ada, { tenantId, limits: nothing, reason: 'Paid now' });
    expect(await onRecord(tenantId, 'limits.%')).toMatchObject([
      {
        actor_type: 'staff',
        actor_name: 'Ada Admin',
        details: { before: { members: 500 }, after: { members: 5 }, reason: 'Trial' },
      },
      { details: { before: { members: 5 }, after: { members: 500 }, reason: 'Paid now' } },
    ]);
  });

  it('that change nothing are refused', async () => {
    const same = changeTenantLimits(ada, {
      tenantId: tenant.tenantId,
      limits: nothing,
      reason: 'Nothing',
    });
    await expect(same).rejects.toMatchObject({ code: 'conflict' });
    expect(await onRecord(tenant.tenantId, 'limits.%')).toEqual([]);
  });

  it('cannot be written by the tenant’s own door', async () => {
    await changeTenantLimits(ada, {
      tenantId: tenant.tenantId,
      limits: { ...nothing, automations: 1 },
      reason: 'A small plan',
    });
    const write = withTenant(tenant, (tx) =>
      tx.execute(
        `update tenant_limits set automations = 1000 where tenant_id = '${tenant.tenantId}'`,
      ),
    );
    await expect(write).rejects.toThrow();
  });
});

describe('a suspension', () => {
  const words = { reason: 'The bill was not paid', notice: 'Please pay the bill of October.' };

  it('needs the exact name, and is on the tenant’s record with the notice', async () => {
    const { tenantId } = tenant;
    const name = (await stateOf(tenant))?.name ?? '';
    const wrong = suspendTenant(ada, { tenantId, ...words, confirm: 'Another' });
    await expect(wrong).rejects.toMatchObject({ code: 'conflict' });
    expect(await stateOf(tenant)).toMatchObject({ state: 'active' });
    await suspendTenant(ada, { tenantId, ...words, confirm: name });
    expect(await stateOf(tenant)).toMatchObject({ state: 'suspended' });
    expect(await onRecord(tenantId, 'tenant.suspended')).toMatchObject([
      { actor_type: 'staff', actor_name: 'Ada Admin', details: words },
    ]);
    const { suspension } = await tenantOverview(ada, tenantId);
    expect(suspension).toMatchObject({ by: 'Ada Admin', ...words });
    const again = suspendTenant(ada, { tenantId, ...words, confirm: name });
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
  });

  it('ends by resuming, once', async () => {
    const { tenantId } = tenant;
    const confirm = (await stateOf(tenant))?.name ?? '';
    await suspendTenant(ada, { tenantId, ...words, confirm });
    await resumeTenant(ada, { tenantId, reason: 'It was paid' });
    expect(await stateOf(tenant)).toMatchObject({ state: 'active' });
    expect(await onRecord(tenantId, 'tenant.resumed')).toHaveLength(1);
    expect((await tenantOverview(ada, tenantId)).suspension).toBeNull();
    const again = resumeTenant(ada, { tenantId, reason: 'It was paid' });
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
    expect(await onRecord(tenantId, 'tenant.resumed')).toHaveLength(1);
  });
});

describe('a tenant that is to be deleted', () => {
  const toDelete = (tenantId: TenantId) =>
    database.owner.query(
      `insert into tenant_deletions (tenant_id, id, origin, tenant_name, asked_name, grace_until)
       values ($1, $2, 'owner', 'Acme', 'Ada Example', now() + interval '20 days')`,
      [tenantId, newId()],
    );
  const words = { reason: 'The bill was not paid', notice: 'Please pay the bill of October.' };

  it('is not suspended in its grace: its owners could not undo it', async () => {
    const { tenantId } = tenant;
    await toDelete(tenantId);
    const confirm = (await stateOf(tenant))?.name ?? '';
    const held = suspendTenant(ada, { tenantId, ...words, confirm });
    await expect(held).rejects.toMatchObject({ code: 'conflict' });
    expect(await stateOf(tenant)).toMatchObject({ state: 'active' });
    await database.owner.query(
      'update tenant_deletions set ended_at = now() where tenant_id = $1',
      [tenantId],
    );
    await suspendTenant(ada, { tenantId, ...words, confirm });
    expect(await stateOf(tenant)).toMatchObject({ state: 'suspended' });
  });

  it('keeps its suspension open when it is refused to resume', async () => {
    const { tenantId } = tenant;
    await suspendTenant(ada, { tenantId, ...words, confirm: (await stateOf(tenant))?.name ?? '' });
    await database.owner.query(`update tenants set state = 'deleting' where id = $1`, [tenantId]);
    const resumed = resumeTenant(ada, { tenantId, reason: 'It was paid' });
    await expect(resumed).rejects.toMatchObject({ code: 'conflict' });
    const { rows } = await database.owner.query(
      'select resumed_at from tenant_suspensions where tenant_id = $1',
      [tenantId],
    );
    expect(rows).toEqual([{ resumed_at: null }]);
  });
});

describe('notes', () => {
  it('stay with staff, and with who wrote them', async () => {
    const { tenantId } = tenant;
    await addNote(ada, { tenantId, body: 'Called them.' });
    expect(await readNotes(ada, tenantId)).toMatchObject([
      { author: 'Ada Admin', body: 'Called them.' },
    ]);
    const look = withTenant(tenant, (tx) => tx.execute('select * from tenant_notes'));
    await expect(look).rejects.toThrow();
    expect(await onRecord(tenantId, '%')).toEqual([]);
  });

  it('are changed and removed by nobody who serves', async () => {
    const { rows } = await database.owner.query<{ allowed: boolean }>(
      `select bool_or(has_table_privilege(role, 'tenant_notes', privilege)) as allowed
         from unnest(array['tenantry_app', 'tenantry_platform', 'tenantry_identity', 'tenantry_engine']) role,
              unnest(array['update', 'delete', 'truncate']) privilege`,
    );
    expect(rows).toEqual([{ allowed: false }]);
  });
});

describe('the list of tenants', () => {
  const names = async (filter: Parameters<typeof listTenants>[1]) =>
    (await listTenants(ada, filter)).items.map(({ name }) => name);

  it('is sorted by name, by age and by activity, page after page', async () => {
    const mark = newId().slice(-8);
    for (const name of ['Beta', 'alpha', 'Gamma']) await database.createTenant(`${name} ${mark}`);
    const quiet = await database.createTenant(`Delta ${mark}`);
    const short = (all: readonly string[]) => all.map((name) => name.split(' ')[0]);
    const sorted = async (sort: 'name' | 'newest' | 'oldest') =>
      short(await names({ q: mark, sort }));
    expect(await sorted('name')).toEqual(['alpha', 'Beta', 'Delta', 'Gamma']);
    expect(await sorted('oldest')).toEqual(['Beta', 'alpha', 'Gamma', 'Delta']);
    expect(await sorted('newest')).toEqual(['Delta', 'Gamma', 'alpha', 'Beta']);
    await changeTenantLimits(ada, {
      tenantId: quiet.tenantId,
      limits: { ...nothing, members: 9 },
      reason: 'Now it was active',
    });
    expect(short(await names({ q: mark, sort: 'active' }))[0]).toBe('Delta');
    expect(short(await names({ q: mark, sort: 'quiet' })).at(-1)).toBe('Delta');
    expect(short(await names({ q: mark, seen: 'week' }))).toEqual(['Delta']);
    expect(await names({ q: mark, seen: 'quiet' })).toHaveLength(3);
  });

  it.each(['newest', 'oldest', 'name', 'active', 'quiet'] as const)(
    'comes in pages without a gap or a repetition when sorted by %s',
    async (sort) => {
      const mark = newId().slice(-8);
      for (let n = 0; n < 53; n += 1) await database.createTenant(`Page ${n} ${mark}`);
      const first = await listTenants(ada, { q: mark, sort });
      expect(first.items).toHaveLength(50);
      const second = await listTenants(ada, { q: mark, sort }, first.nextCursor ?? '');
      const all = [...first.items, ...second.items].map(({ id }) => id);
      expect(new Set(all).size).toBe(53);
      expect(second.nextCursor).toBeNull();
      const wrong = listTenants(ada, { sort }, 'nonsense');
      await expect(wrong).rejects.toMatchObject({ code: 'invalid_input' });
    },
  );

  it('is exported as it is filtered, on record, without a formula', async () => {
    const mark = newId().slice(-8);
    await database.createTenant(`=cmd() ${mark}`);
    const csv = await new Response(await exportTenants(ada, { q: mark })).text();
    expect(csv.trim().split('\n')).toHaveLength(2);
    expect(csv).toMatch(/^id,name,state,created_at,members,connections,broken,last_activity_at\n/);
    expect(csv).toContain(`'=cmd() ${mark}`);
    const { rows } = await database.owner.query<{ details: unknown }>(
      `select details from staff_access_logs where action = 'tenants.exported' and user_id = $1`,
      [ada.userId],
    );
    expect(rows).toMatchObject([{ details: { filter: { q: mark } } }]);
  });

  it('is exported whole, page by page, with each page on record', async () => {
    const mark = newId().slice(-8);
    for (let n = 0; n < 5; n += 1) await database.createTenant(`Row ${n} ${mark}`);
    const csv = await new Response(await exportTenants(ada, { q: mark, sort: 'name' }, 2)).text();
    const names = csv
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[1]);
    expect(names).toEqual([0, 1, 2, 3, 4].map((n) => `Row ${n} ${mark}`));
    const { rows } = await database.owner.query(
      `select 1 from staff_access_logs where action = 'tenants.exported' and user_id = $1`,
      [ada.userId],
    );
    expect(rows).toHaveLength(3);
  });
});

describe('saved views', () => {
  it('are one’s own unless shared, and their owner’s to remove', async () => {
    const bob = await staffNamed('Bob Admin');
    const filter = { state: 'suspended', sort: 'name', page: '7' };
    const own = await saveView(ada, { name: 'Mine', shared: false, filter });
    const shared = await saveView(ada, { name: 'Ours', shared: true, filter });
    const seen = async (staff: StaffContext) =>
      (await listViews(staff)).filter(({ owner }) => owner === 'Ada Admin').map(({ id }) => id);
    expect(await seen(ada)).toEqual(expect.arrayContaining([own, shared]));
    expect(await seen(bob)).toContain(shared);
    expect(await seen(bob)).not.toContain(own);
    const [view] = (await listViews(ada)).filter(({ id }) => id === own);
    expect(view?.query).toBe('state=suspended&sort=name');
    await expect(removeView(bob, { viewId: shared })).rejects.toMatchObject({ code: 'conflict' });
    await removeView(ada, { viewId: shared });
    expect(await seen(bob)).not.toContain(shared);
  });
});
