import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId, type TenantContext, type TenantId, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { staffMember } from '@/lib/access/testing';
import { limitsOf } from '@/lib/limits';
import { holdTestKey } from '@/lib/vault/testing';
import {
  addNote,
  changeTenantLimits,
  readNotes,
  readTenantLimits,
  resumeTenant,
  suspendTenant,
  tenantOverview,
} from '.';
import { noOwnLimits } from './testing';

const database = testDatabase();
beforeAll(() => holdTestKey());

let ada: StaffContext;
let tenant: TenantContext;
beforeEach(async () => {
  ada = await staffMember(database, 'Ada Admin', { role: 'platform_admin' });
  tenant = await database.createTenant(`Cared for ${newId().slice(-6)}`);
});

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
      limits: { ...noOwnLimits, automations: 3 },
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
      limits: { ...noOwnLimits, members: 5 },
      reason: 'Trial',
    });
    await changeTenantLimits(ada, { tenantId, limits: noOwnLimits, reason: 'Paid now' });
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
      limits: noOwnLimits,
      reason: 'Nothing',
    });
    await expect(same).rejects.toMatchObject({ code: 'conflict' });
    expect(await onRecord(tenant.tenantId, 'limits.%')).toEqual([]);
  });

  it('cannot be written by the tenant’s own door', async () => {
    await changeTenantLimits(ada, {
      tenantId: tenant.tenantId,
      limits: { ...noOwnLimits, automations: 1 },
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
