import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type ApprovalId,
  type DeletionId,
  newId,
  type UserId,
  withPlatform,
  withTenant,
} from '@/db';
import { testDatabase } from '@/db/testing';
import { testMember } from '@/lib/connections/testing';
import { moveKeys, shredKeys } from '@/lib/keys';
import { beginVault } from '@/lib/keys/testing';
import { besideDatabase } from '@/lib/keys/testing/backup';
import { listOutbox, queueMail, readOutboxMail } from '@/lib/mail';
import { beginEnrolment, confirmEnrolment, standInCode } from '@/lib/second-factor';
import type { MemberContext } from '@/lib/tenancy';
import { createTenantKey } from '@/lib/vault';
import { holdTestKey, holdTestKeyStore } from '@/lib/vault/testing';
import { advanceDeletion } from './advance';
import { deleteAsApproved } from './approved';
import { askDeletion, pendingDeletion, undoDeletion } from './ask';

vi.stubEnv('DATA_DIR', mkdtempSync(join(tmpdir(), 'tenantry-ask-')));
vi.stubEnv('SUPPORT_EMAIL', 'help@tenantry.example');
const database = testDatabase();
let owner: MemberContext;
let codes: string[];

beforeAll(() => holdTestKey());
beforeEach(async () => {
  owner = await testMember(database);
  await beginEnrolment(owner.userId);
  const shown = (await standInCode(owner.userId))?.code ?? '';
  const { recoveryCodes } = await confirmEnrolment(owner.userId, shown, { requestId: 'test' });
  codes = [...recoveryCodes];
});

/** A recovery code that was not used: one of the app has its time. */
const code = () => codes.pop() ?? '';

const ask = () => askDeletion(owner, { typed: 'Acme', code: code() });

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

/** What the outbox holds for the owners of the tenant at hand. */
async function mails(): Promise<readonly { to: string; subject: string; text: string }[]> {
  const { rows } = await database.owner.query<{ email: string }>(
    'select u.email from memberships m join users u on u.id = m.user_id where m.tenant_id = $1',
    [owner.tenantId],
  );
  const theirs = new Set(rows.map(({ email }) => email));
  const listed = (await listOutbox()).filter(({ to }) => theirs.has(to));
  return Promise.all(
    listed.map(async (mail) => ({ ...mail, text: (await readOutboxMail(mail.id))?.text ?? '' })),
  );
}

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
    await expect(askDeletion(owner, { typed: 'acme', code: code() })).rejects.toMatchObject({
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
    const told = (await mails()).map(({ to }) => to);
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
    expect((await mails()).map(({ subject }) => subject)).toContain('Acme is not deleted');
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
  expect((await mails())[0]?.text).toContain('The contract has ended');
  expect((await recorded())[0]).toEqual({
    action: 'deletion.asked',
    type: 'staff',
    name: 'Ada Example',
  });
  await expect(withPlatform((tx) => deleteAsApproved(tx, approved))).rejects.toMatchObject({
    code: 'conflict',
  });
});

describe('the owners of a tenant', () => {
  const told = async () => {
    const { rows } = await database.owner.query<{ told: boolean }>(
      'select told_at is not null as told from tenant_deletions where tenant_id = $1',
      [owner.tenantId],
    );
    return rows[0]?.told;
  };

  it('that is suspended are told all the same', async () => {
    await ask();
    await database.owner.query(`update tenants set state = 'suspended' where id = $1`, [
      owner.tenantId,
    ]);
    await advanceDeletion(await only());
    expect(await told()).toBe(true);
    expect(await mails()).toMatchObject([{ to: owner.email }]);
  });

  it('that is suspended are told to write to support, and of no undo that is closed to them', async () => {
    await ask();
    const id = await only();
    await database.owner.query(`update tenants set state = 'suspended' where id = $1`, [
      owner.tenantId,
    ]);
    await advanceDeletion(id);
    await database.owner.query(
      `update tenant_deletions set asked_at = now() - interval '28 days',
         grace_until = now() + interval '2 days' where id = $1`,
      [id],
    );
    await advanceDeletion(id);
    const texts = (await mails()).map(({ text }) => text);
    expect(texts).toHaveLength(2);
    for (const text of texts) {
      expect(text).toContain('Acme is suspended');
      expect(text).toContain('Write to help@tenantry.example before that day');
      expect(text).not.toMatch(/settings\/deletion|make an export/);
    }
  });

  it('that works are told how to undo it, and to make an export', async () => {
    await ask();
    await advanceDeletion(await only());
    const [mail] = await mails();
    expect(mail?.text).toContain('/settings/deletion');
    expect(mail?.text).toContain('make an export before that day');
  });

  it('whose keys were destroyed in a store of their own are told, and it goes on', async () => {
    await beginVault();
    await withTenant(owner, (tx) => createTenantKey(tx, owner.tenantId));
    await ask();
    const store = await besideDatabase(database);
    try {
      await holdTestKeyStore(store.url);
      await moveKeys(true);
      await shredKeys(owner.tenantId);
      await expect(
        withTenant(owner, (tx) =>
          queueMail(tx, owner, { to: 'a@b.example', subject: '', text: '' }),
        ),
      ).rejects.toMatchObject({ fault: 'key_shredded' });
      await advanceDeletion(await only());
    } finally {
      await holdTestKeyStore(null);
      await store.drop();
    }
    expect(await told()).toBe(true);
    expect(await mails()).toMatchObject([{ to: owner.email }]);
  });
});
