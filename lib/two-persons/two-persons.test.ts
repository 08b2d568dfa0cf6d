import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { newId, type TenantId, type UserId, withPlatform, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { type ApprovalKind, askApproval, takeApproval } from '@/lib/approvals';
import { beginEnrolment, confirmEnrolment, standInCode } from '@/lib/second-factor';
import { createTenantKey } from '@/lib/vault';
import { holdTestKey } from '@/lib/vault/testing';
import {
  askStaffChange,
  askToShred,
  carryOutAgain,
  countApprovals,
  decideOn,
  listApprovals,
  listStaff,
  readApproval,
} from '.';

vi.stubEnv('LOG_LEVEL', 'silent');
vi.stubEnv('DATA_DIR', mkdtempSync(join(tmpdir(), 'tenantry-two-')));
const database = testDatabase();
const reason = 'A customer asked for it';
let paula: StaffContext;
let amir: StaffContext;
let sam: StaffContext;
let codes: Map<UserId, string[]>;
let tenantId: TenantId;

async function staffMember(name: string, role: StaffContext['role']): Promise<StaffContext> {
  const email = `${name.toLowerCase()}@support.example`;
  const userId = newId<UserId>();
  await database.owner.query('insert into users (id, email, name) values ($1, $2, $3)', [
    userId,
    email,
    name,
  ]);
  await database.owner.query('insert into staff (user_id, role) values ($1, $2)', [userId, role]);
  await beginEnrolment(userId);
  const shown = await standInCode(userId);
  const facts = { requestId: 'req-0' };
  const { recoveryCodes } = await confirmEnrolment(userId, shown?.code ?? '', facts);
  codes.set(userId, [...recoveryCodes]);
  return { userId, role, name, email, requestId: `req-${name}` };
}

beforeAll(() => holdTestKey());
beforeEach(async () => {
  await database.owner.query(
    'truncate users, tenants, tenant_keys, audit_events, approvals, staff_access_logs, rate_limits cascade',
  );
  codes = new Map();
  paula = await staffMember('Paula', 'platform_admin');
  amir = await staffMember('Amir', 'platform_admin');
  sam = await staffMember('Sam', 'support');
  ({ tenantId } = await database.createTenant('Harbour'));
  await withTenant({ tenantId }, (tx) => createTenantKey(tx, tenantId));
});

/** A recovery code that was not used: as fresh as any. */
const freshCode = ({ userId }: StaffContext) => codes.get(userId)?.pop() ?? '';
const askShred = (who = sam, typed = 'Harbour') => askToShred(who, { tenantId, typed, reason });
const decide = (
  who: StaffContext,
  approvalId: Awaited<ReturnType<typeof askShred>>,
  decision: 'approved' | 'declined' = 'approved',
  code = freshCode(who),
) => decideOn(who, { approvalId, decision, note: 'Looked at the ticket', code });

const keysLeft = async () =>
  (await database.owner.query('select count(*)::int as count from tenant_keys')).rows[0].count;
const looks = async () => {
  const { rows } = await database.owner.query(
    `select action, user_id, tenant_id, details ->> 'refused' as refused from staff_access_logs
      where action like 'approval.%' order by at, id`,
  );
  return rows;
};

describe('what was asked for', () => {
  it('is carried out once another person approves it, and both are on record', async () => {
    const id = await askShred();
    expect(await decide(paula, id)).toMatch(/^1 key destroyed\./);
    expect(await keysLeft()).toBe(0);
    expect(await looks()).toEqual([
      { action: 'approval.asked', user_id: sam.userId, tenant_id: tenantId, refused: null },
      { action: 'approval.approved', user_id: paula.userId, tenant_id: tenantId, refused: null },
      { action: 'approval.carried_out', user_id: paula.userId, tenant_id: tenantId, refused: null },
    ]);
    const { rows } = await database.owner.query(
      'select action, actor_type, actor_name, details from audit_events order by id',
    );
    expect(rows[0]).toMatchObject({
      action: 'approval.approved',
      actor_type: 'staff',
      actor_name: 'Paula',
      details: { askedBy: 'Sam', reason },
    });
    expect(rows.map(({ action }) => action)).toEqual(['approval.approved', 'keys.shredded']);
    expect(await readApproval(sam, id)).toMatchObject({
      state: 'carried_out',
      decidedBy: { name: 'Paula' },
      outcome: expect.stringMatching(/^1 key destroyed/),
    });
  });

  it('is the destruction of keys only with the exact name typed, on record when it is not', async () => {
    await expect(askShred(sam, 'harbour')).rejects.toMatchObject({
      code: 'invalid_input',
      fields: { typed: 'Type Harbour to confirm.' },
    });
    const { rows } = await database.owner.query('select id from approvals');
    expect(rows).toEqual([]);
    expect(await looks()).toMatchObject([{ action: 'approval.asked', refused: 'invalid_input' }]);
  });

  it('is done once when two approve it at the same time, or one presses twice', async () => {
    const id = await askShred();
    const all = await Promise.allSettled([decide(paula, id), decide(amir, id), decide(paula, id)]);
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { rows } = await database.owner.query(
      "select count(*)::int as count from audit_events where action = 'keys.shredded'",
    );
    expect(rows[0].count).toBe(1);
  });

  it('is not decided on by whoever asked, on record', async () => {
    const id = await askShred(paula);
    await expect(decide(paula, id)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await looks()).toContainEqual({
      action: 'approval.approved',
      user_id: paula.userId,
      tenant_id: tenantId,
      refused: 'forbidden',
    });
    // Nor by anybody who writes to the table past the code.
    await expect(
      database.owner.query(
        "update approvals set decision = 'approved', decided_by = asked_by, decided_at = now()",
      ),
    ).rejects.toThrow(/approvals_two_persons/);
    expect(await keysLeft()).toBe(1);
  });

  it('is not decided on by support, who do not even see it', async () => {
    const id = await askShred(paula);
    await expect(decide(sam, id)).rejects.toMatchObject({ code: 'not_found' });
    expect((await listApprovals(sam, 'all')).items).toEqual([]);
  });

  it('takes a right code, and uses none up on what cannot be decided', async () => {
    const id = await askShred();
    await expect(decide(paula, id, 'approved', '000000')).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(await keysLeft()).toBe(1);
    await decide(paula, id, 'declined');
    const code = freshCode(amir);
    await expect(decide(amir, id, 'approved', code)).rejects.toMatchObject({ code: 'conflict' });
    const next = await askShred();
    await decide(amir, next, 'approved', code);
  });

  it('is not carried out when it was declined', async () => {
    const id = await askShred();
    expect(await decide(amir, id, 'declined')).toBe('It is declined.');
    await expect(carryOutAgain(paula, id)).rejects.toMatchObject({ code: 'conflict' });
    expect(await keysLeft()).toBe(1);
    expect(await readApproval(sam, id)).toMatchObject({ state: 'declined', carriedOutAt: null });
  });

  it('is not asked for twice while it waits', async () => {
    const id = await askShred();
    await expect(askShred(paula)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('second person'),
    });
    await decide(amir, id, 'declined');
    await askShred(paula);
  });

  it('expires after a day', async () => {
    const id = await askShred();
    const { rows } = await database.owner.query(
      'select expires_at - asked_at as left from approvals',
    );
    expect(rows[0].left).toMatchObject({ days: 1 });
    await database.owner.query("update approvals set expires_at = now() - interval '1 second'");
    await expect(decide(paula, id)).rejects.toMatchObject({ code: 'conflict' });
    expect(await readApproval(paula, id)).toMatchObject({ state: 'expired' });
    expect(await countApprovals(paula)).toBe(0);
  });

  it('that could not be carried out says so, and can be tried again', async () => {
    const subject = { tenantName: 'Harbour' };
    const id = await withPlatform((tx) =>
      askApproval(tx, sam, { kind: 'tenant.delete', tenantId, subject, reason }),
    );
    // Whoever asked has left meanwhile: the deletion finds nobody to name.
    await database.owner.query('delete from staff where user_id = $1', [sam.userId]);
    await expect(decide(paula, id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await readApproval(amir, id)).toMatchObject({
      state: 'approved',
      failure: expect.any(String),
      carriedOutAt: null,
    });
    await database.owner.query("insert into staff (user_id, role) values ($1, 'support')", [
      sam.userId,
    ]);
    expect(await carryOutAgain(amir, id)).toMatch(/grace ends on/);
    await expect(carryOutAgain(amir, id)).rejects.toMatchObject({ code: 'conflict' });
    expect(await readApproval(amir, id)).toMatchObject({ state: 'carried_out', failure: null });
  });
});

describe('an approval', () => {
  const kind: ApprovalKind = 'export.across';
  const asked = () =>
    withPlatform((tx) =>
      askApproval(tx, paula, { kind, tenantId: null, subject: { what: 'all records' }, reason }),
    );

  it('that nobody carries out at once is used by whoever needs it, once', async () => {
    const id = await asked();
    const take = () => withPlatform((tx) => takeApproval(tx, paula, { kind, id }));
    await expect(take()).rejects.toMatchObject({ code: 'conflict' });
    await database.owner.query(
      "update approvals set decision = 'approved', decided_by = $1, decided_at = now()",
      [amir.userId],
    );
    const both = await Promise.allSettled([take(), take()]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('is not used when what it approved fails', async () => {
    const id = await asked();
    await database.owner.query(
      "update approvals set decision = 'approved', decided_by = $1, decided_at = now()",
      [amir.userId],
    );
    const failing = withPlatform(async (tx) => {
      await takeApproval(tx, paula, { kind, id });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow();
    await withPlatform((tx) => takeApproval(tx, paula, { kind, id }));
  });

  it('cannot be written along with the request by the role that serves staff', async () => {
    const forged = database.owner.query(
      `set role tenantry_platform; insert into approvals
         (id, kind, subject, reason, asked_by, expires_at, decided_by, decided_at, decision)
       values (gen_random_uuid(), 'keys.shred', '{}', 'x', gen_random_uuid(), now(),
               gen_random_uuid(), now(), 'approved')`,
    );
    await expect(forged).rejects.toThrow(/permission denied/);
    await database.owner.query('reset role');
  });
});

describe('the staff', () => {
  const askChange = async (
    who: StaffContext,
    wish: Omit<Parameters<typeof askStaffChange>[1], 'reason'>,
  ) => askStaffChange(who, { ...wish, reason } as Parameters<typeof askStaffChange>[1]);

  it('gain a member, whose role is changed, and who is taken off again', async () => {
    const { userId, email } = await database.createMember({ tenantId });
    await decide(amir, await askChange(paula, { change: 'add', email, role: 'support' } as never));
    const roleOf = async () =>
      (await database.owner.query('select role from staff where user_id = $1', [userId])).rows[0]
        ?.role;
    expect(await roleOf()).toBe('support');
    await decide(
      amir,
      await askChange(paula, { change: 'role', email, role: 'platform_admin' } as never),
    );
    expect(await roleOf()).toBe('platform_admin');
    await decide(amir, await askChange(paula, { change: 'remove', email } as never));
    expect(await roleOf()).toBeUndefined();
    const { rows } = await database.owner.query('select session_version from users where id = $1', [
      userId,
    ]);
    expect(rows[0].session_version).toBe(2);
  });

  it('do not decide about themselves', async () => {
    const id = await askChange(paula, { change: 'remove', email: amir.email } as never);
    await expect(decide(amir, id)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await countApprovals(amir)).toBe(0);
  });

  it('keep a platform admin', async () => {
    await database.owner.query("update staff set role = 'support' where user_id = $1", [
      amir.userId,
    ]);
    const id = await askChange(amir, { change: 'remove', email: paula.email } as never);
    await database.owner.query(
      "update approvals set decision = 'approved', decided_by = $1, decided_at = now()",
      [sam.userId],
    );
    await expect(carryOutAgain({ ...amir, role: 'platform_admin' }, id)).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('who lost their second factor get it taken away, by two', async () => {
    const id = await askChange(paula, { change: 'reset-factor', email: sam.email } as never);
    await decide(amir, id);
    const list = await listStaff(paula);
    expect(list.map(({ name, factorSince }) => [name, factorSince !== null])).toEqual([
      ['Amir', true],
      ['Paula', true],
      ['Sam', false],
    ]);
    const { rows } = await database.owner.query(
      "select details from staff_access_logs where action = 'factor.reset'",
    );
    expect(rows).toEqual([{ details: { filter: { by: 'Paula and Amir' } } }]);
  });

  it('are not asked for a change that would change nothing', async () => {
    for (const wish of [
      { change: 'add', email: sam.email, role: 'support' },
      { change: 'role', email: sam.email, role: 'support' },
      { change: 'remove', email: 'nobody@support.example' },
    ]) {
      await expect(askChange(paula, wish as never)).rejects.toMatchObject({
        code: 'invalid_input',
      });
    }
  });
});
