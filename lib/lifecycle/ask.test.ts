import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ApprovalId, type DeletionId, newId, type UserId, withPlatform } from '@/db';
import { testDatabase } from '@/db/testing';
import { testMember } from '@/lib/connections/testing';
import { beginEnrolment, confirmEnrolment, standInCode } from '@/lib/second-factor';
import type { MemberContext } from '@/lib/tenancy';
import { holdTestKey } from '@/lib/vault/testing';
import { advanceDeletion } from './advance';
import { deleteAsApproved } from './approved';
import { askDeletion, pendingDeletion, undoDeletion } from './ask';

vi.stubEnv('DATA_DIR', mkdtempSync(join(tmpdir(), 'tenantry-ask-')));
const database = testDatabase();
let owner: MemberContext;

beforeAll(() => holdTestKey());
beforeEach(async () => {
  owner = await testMember(database);
  await beginEnrolment(owner.userId);
  await confirmEnrolment(owner.userId, await code(), { requestId: 'test' });
});

/** The next code that the owner's app would show and that is taken. */
async function code(): Promise<string> {
  const shown = await standInCode(owner.userId);
  if (!shown?.code) throw new Error(`no code for ${shown?.waitSeconds} seconds`);
  return shown.code;
}

const ask = async () => askDeletion(owner, { typed: 'Acme', code: await code() });

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
      where tenant_id = $1 and action like 'deletion.%' order by created_at, id`,
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
    await ask();
    const days =
      (Date.parse((await pendingDeletion(owner))?.graceUntil ?? '') - Date.now()) / 864e5;
    expect(Math.round(days)).toBe(30);
    expect(await recorded()).toEqual([
      { action: 'deletion.asked', type: 'member', name: 'Ada Example' },
    ]);
  });

  it('is refused with another name, and with a wrong code', async () => {
    await expect(askDeletion(owner, { typed: 'acme', code: await code() })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await expect(askDeletion(owner, { typed: 'Acme', code: '000000' })).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(await pendingDeletion(owner)).toBeNull();
  });

  it('cannot ask twice', async () => {
    await ask();
    await expect(ask()).rejects.toMatchObject({ code: 'conflict' });
  });

  it('has all owners told once, however often it is tried', async () => {
    const other = await database.createMember(owner, { role: 'owner' });
    await database.createMember(owner, { role: 'admin' });
    await ask();
    const id = await only();
    await advanceDeletion(id);
    await database.owner.query('update tenant_deletions set told_at = null where id = $1', [id]);
    await advanceDeletion(id);
    const told = (await mails()).map(({ recipient }) => recipient);
    expect(told.toSorted()).toEqual([owner.email, other.email].toSorted());
  });

  it('undoes it, which is on record and told', async () => {
    await ask();
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
  });

  it('cannot undo it any more once its grace is over', async () => {
    await ask();
    const id = await only();
    await database.owner.query('select lifecycle.close($1)', [id]);
    await database.owner.query(
      'update tenant_deletions set grace_until = now(), closed_at = now() where id = $1',
      [id],
    );
    await expect(undoDeletion(owner)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is reminded near the end of the grace, once', async () => {
    await ask();
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
