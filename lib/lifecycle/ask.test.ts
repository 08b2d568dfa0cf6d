import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ApprovalId, type DeletionId, newId, type UserId, withPlatform } from '@/db';
import { testDatabase } from '@/db/testing';
import { testMember } from '@/lib/connections/testing';
import type { MemberContext } from '@/lib/tenancy';
import { holdTestKey } from '@/lib/vault/testing';
import { advanceDeletion } from './advance';
import { deleteAsApproved } from './approved';
import { askDeletion, pendingDeletion, undoDeletion } from './ask';

const proved = vi.hoisted(() => ({ codes: [] as string[] }));
// A code of the second factor has tests of its own; here it is whether one was asked for.
vi.mock('@/lib/second-factor', () => ({
  proveFactor: async (_userId: string, code: string) => {
    if (code !== '123456') throw new Error('not right');
    proved.codes.push(code);
  },
}));
vi.stubEnv('DATA_DIR', mkdtempSync(join(tmpdir(), 'tenantry-ask-')));
const database = testDatabase();
let owner: MemberContext;

beforeAll(() => holdTestKey());
beforeEach(async () => {
  owner = await testMember(database);
  proved.codes.length = 0;
});

const right = { typed: 'Acme', code: '123456' };

async function only(): Promise<DeletionId> {
  const { rows } = await database.owner.query<{ id: DeletionId }>(
    'select id from tenant_deletions where tenant_id = $1 and ended_at is null',
    [owner.tenantId],
  );
  return rows[0]?.id as DeletionId;
}

async function recorded(): Promise<readonly Record<string, unknown>[]> {
  const { rows } = await database.owner.query(
    `select action, actor_type as type, actor_name as name from audit_events
      where tenant_id = $1 order by created_at, id`,
    [owner.tenantId],
  );
  return rows;
}

const mails = async () => {
  const { rows } = await database.owner.query(
    'select recipient, subject from mails where tenant_id = $1 order by created_at, recipient',
    [owner.tenantId],
  );
  return rows;
};

describe('an owner', () => {
  it('asks with the exact name and a code, and it is on record', async () => {
    await askDeletion(owner, right);
    const days =
      (Date.parse((await pendingDeletion(owner))?.graceUntil ?? '') - Date.now()) / 864e5;
    expect(Math.round(days)).toBe(30);
    expect(await recorded()).toEqual([
      { action: 'deletion.asked', type: 'member', name: 'Ada Example' },
    ]);
  });

  it.each([
    { typed: 'acme', code: '123456' },
    { typed: 'Acme', code: '654321' },
  ])('is refused with %j', async (wrong) => {
    await expect(askDeletion(owner, wrong)).rejects.toThrow();
    expect(await pendingDeletion(owner)).toBeNull();
  });

  it('cannot ask twice', async () => {
    await askDeletion(owner, right);
    await expect(askDeletion(owner, right)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('has all owners told once, however often it is tried', async () => {
    const other = await database.createMember(owner, { role: 'owner' });
    await database.createMember(owner, { role: 'admin' });
    await askDeletion(owner, right);
    const id = await only();
    await advanceDeletion(id);
    await database.owner.query('update tenant_deletions set told_at = null where id = $1', [id]);
    await advanceDeletion(id);
    const told = (await mails()).map(({ recipient }) => recipient);
    expect(told.toSorted()).toEqual([owner.email, other.email].toSorted());
  });

  it('undoes it, which is on record and told', async () => {
    await askDeletion(owner, right);
    const id = await only();
    await advanceDeletion(id);
    await undoDeletion(owner);
    expect(await pendingDeletion(owner)).toBeNull();
    await advanceDeletion(id);
    expect((await recorded()).map(({ action }) => action)).toEqual([
      'deletion.asked',
      'deletion.told',
      'deletion.undone',
      'deletion.end_told',
    ]);
    expect((await mails()).at(-1)).toMatchObject({ subject: 'Acme is not deleted' });
    await askDeletion(owner, right);
    expect(await pendingDeletion(owner)).not.toBeNull();
  });

  it('cannot undo it any more once its grace is over', async () => {
    await askDeletion(owner, right);
    const id = await only();
    await database.owner.query('select lifecycle.close($1)', [id]);
    await database.owner.query(
      'update tenant_deletions set grace_until = now(), closed_at = now() where id = $1',
      [id],
    );
    await expect(undoDeletion(owner)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is reminded near the end of the grace, once', async () => {
    await askDeletion(owner, right);
    const id = await only();
    await advanceDeletion(id);
    await database.owner.query(
      `update tenant_deletions set asked_at = now() - interval '28 days',
         grace_until = now() + interval '2 days' where id = $1`,
      [id],
    );
    await advanceDeletion(id);
    await advanceDeletion(id);
    const reminders = (await mails()).filter(({ subject }) => subject.startsWith('Reminder'));
    expect(reminders).toHaveLength(1);
  });
});

it('two of the staff begin it with a grace, and it stands on the tenant’s own record', async () => {
  const staff = await database.createMember(await database.createTenant('Staff'));
  await database.owner.query(`insert into staff (user_id, role) values ($1, 'platform_admin')`, [
    staff.userId,
  ]);
  const approved = {
    id: newId<ApprovalId>(),
    tenantId: owner.tenantId,
    reason: 'The contract has ended',
    askedBy: staff.userId as UserId,
  };
  await withPlatform((tx) => deleteAsApproved(tx, approved));
  expect(await pendingDeletion(owner)).toMatchObject({ origin: 'staff' });
  await advanceDeletion(await only());
  expect((await recorded())[0]).toEqual({
    action: 'deletion.asked',
    type: 'staff',
    name: 'Ada Example',
  });
  await expect(withPlatform((tx) => deleteAsApproved(tx, approved))).rejects.toMatchObject({
    code: 'conflict',
  });
});
