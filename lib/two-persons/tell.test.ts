import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { newId, type UserId, withPlatform } from '@/db';
import { testDatabase } from '@/db/testing';
import { askApproval } from '@/lib/approvals';
import { listOutbox, readOutboxMail } from '@/lib/mail';
import { tellApprovers } from './tell';

vi.stubEnv('LOG_LEVEL', 'silent');
vi.stubEnv('DATA_DIR', mkdtempSync(join(tmpdir(), 'tenantry-approvals-')));
const database = testDatabase();

async function person(name: string, role: 'support' | 'platform_admin') {
  const userId = newId<UserId>();
  await database.owner.query('insert into users (id, email, name) values ($1, $2, $3)', [
    userId,
    `${name}@support.example`,
    name,
  ]);
  await database.owner.query('insert into staff (user_id, role) values ($1, $2)', [userId, role]);
  return { userId, role };
}

beforeEach(() => database.owner.query('truncate users, approvals cascade'));

it('writes once to everybody who may decide, and to nobody else', async () => {
  const paula = await person('paula', 'platform_admin');
  await person('amir', 'platform_admin');
  const zoe = await person('zoe', 'platform_admin');
  await person('sam', 'support');
  await withPlatform((tx) =>
    askApproval(tx, paula, {
      kind: 'staff.change',
      tenantId: null,
      subject: {
        change: 'remove',
        userId: zoe.userId,
        name: 'Zoe',
        email: 'zoe@support.example',
        before: 'platform_admin',
      },
      reason: 'She has\nleft us',
    }),
  );
  expect([await tellApprovers(), await tellApprovers()]).toEqual([1, 0]);
  const [mail] = await listOutbox();
  expect(mail).toMatchObject({ to: 'amir@support.example' });
  const { text } = (await readOutboxMail(mail?.id ?? '')) ?? {};
  expect(text).toContain('Take Zoe (zoe@support.example) off the staff');
  expect(text).toContain('because: She has left us');
  expect(text).toMatch(/\/admin\/approvals\/[0-9a-f-]{36}/);
});
