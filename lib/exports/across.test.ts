import { beforeEach, describe, expect, it } from 'vitest';
import { type ApprovalId, newId, type TenantId, withPlatform, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { staffMember } from '@/lib/access/testing';
import { decideApproval } from '@/lib/approvals';
import { recordAudit } from '@/lib/audit';
import { askAcross, takeAcross } from '.';

const database = testDatabase();
const reason = 'Asked for by our auditor';
let paula: StaffContext;
let amir: StaffContext;

const admin = (name: string) => staffMember(database, name, { role: 'platform_admin' });

const happen = (tenantId: TenantId, name: string) =>
  withTenant({ tenantId }, (tx) =>
    recordAudit(
      tx,
      { tenantId, actor: { type: 'system', id: null, name: 'Tenantry' }, requestId: newId() },
      { action: 'automation.created', target: { type: 'automation', id: newId(), name } },
    ),
  );
const approve = (id: ApprovalId) =>
  withPlatform((tx) => decideApproval(tx, amir, { id, decision: 'approved', note: 'Seen' }));

beforeEach(async () => {
  await database.owner.query('truncate audit_events, approvals, staff_access_logs');
  [paula, amir] = [await admin('Paula'), await admin('Amir')];
});

describe('an export across organisations', () => {
  it('is made once it was approved by another, once, without what organisations call things', async () => {
    const tenants = [await database.createTenant('One'), await database.createTenant('Two')];
    for (const { tenantId } of tenants) await happen(tenantId, 'a private name');
    const id = await askAcross(paula, {}, reason);
    await expect(takeAcross(paula, id)).rejects.toMatchObject({ code: 'conflict' });
    await approve(id);
    await expect(takeAcross(amir, id)).rejects.toMatchObject({ code: 'conflict' });
    const csv = await takeAcross(paula, id);
    expect(csv.trim().split('\n')).toHaveLength(3);
    for (const { tenantId } of tenants) expect(csv).toContain(tenantId);
    expect(csv).not.toContain('a private name');
    await expect(takeAcross(paula, id)).rejects.toMatchObject({ code: 'conflict' });
    const { rows } = await database.owner.query(
      "select details -> 'tenants' as tenants from staff_access_logs where action = 'approval.carried_out' and not details ? 'refused'",
    );
    expect(rows).toEqual([{ tenants: tenants.map(({ tenantId }) => tenantId).toSorted() }]);
  });

  it('of one organisation is about it, which is there', async () => {
    const { tenantId } = await database.createTenant('One');
    const id = await askAcross(paula, { tenant: tenantId }, reason);
    const { rows } = await database.owner.query('select tenant_id from approvals where id = $1', [
      id,
    ]);
    expect(rows).toEqual([{ tenant_id: tenantId }]);
    const nobody = askAcross(paula, { tenant: newId<TenantId>() }, reason);
    await expect(nobody).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is on the record of each organisation that is in it, and of no other', async () => {
    const [one, two] = [await database.createTenant('One'), await database.createTenant('Two')];
    for (const { tenantId } of [one, one, two]) await happen(tenantId, 'x');
    const first = await askAcross(paula, { tenant: one.tenantId }, reason);
    await approve(first);
    await takeAcross(paula, first);
    const told = async ({ tenantId }: { tenantId: TenantId }) =>
      (
        await database.owner.query(
          `select actor_type, actor_name, target_id, request_id, details from audit_events
            where tenant_id = $1 and action = 'audit.exported'`,
          [tenantId],
        )
      ).rows;
    expect(await told(one)).toEqual([
      {
        ...{ actor_type: 'staff', actor_name: 'Paula', target_id: first },
        request_id: paula.requestId,
        details: { events: 2, reason, approvedBy: 'Amir' },
      },
    ]);
    expect(await told(two)).toEqual([]);
    const all = await askAcross(paula, {}, reason);
    await approve(all);
    await takeAcross(paula, all);
    expect((await told(one)).length).toBe(2);
    expect((await told(two)).length).toBe(1);
  });

  it('is not of everybody because part of its filter means nothing any more', async () => {
    const { tenantId } = await database.createTenant('One');
    await happen(tenantId, 'x');
    const id = await askAcross(paula, { tenant: tenantId }, reason);
    await approve(id);
    // As what named an erased tenant is left.
    await database.owner.query(
      `update approvals set subject = replace(subject::text, $1, 'erased')::jsonb`,
      [tenantId],
    );
    await expect(takeAcross(paula, id)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('holds exactly what was put before the second person', async () => {
    const [one, two] = [await database.createTenant('One'), await database.createTenant('Two')];
    for (const { tenantId } of [one, two]) await happen(tenantId, 'x');
    const id = await askAcross(paula, { tenant: one.tenantId }, reason);
    await approve(id);
    const csv = await takeAcross(paula, id);
    expect(csv).toContain(one.tenantId);
    expect(csv).not.toContain(two.tenantId);
  });

  it('is not made once the person who approved it is no longer staff', async () => {
    const { tenantId } = await database.createTenant('One');
    await happen(tenantId, 'x');
    const id = await askAcross(paula, {}, reason);
    await approve(id);
    await database.owner.query('delete from staff where user_id = $1', [amir.userId]);
    await expect(takeAcross(paula, id)).rejects.toMatchObject({ code: 'conflict' });
    const { rows } = await database.owner.query('select carried_out_at as at from approvals');
    expect(rows).toEqual([{ at: null }]);
  });

  it('that nobody asked for is not there', async () => {
    await expect(takeAcross(paula, newId<ApprovalId>())).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});
