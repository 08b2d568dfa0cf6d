import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { withPlatform } from '@/db';
import type { StaffRole } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import { staffMember } from '@/lib/access/testing';
import { askApproval } from '@/lib/approvals';
import { listOutbox, readOutboxMail } from '@/lib/mail';
import { tellApprovers } from './tell';

const refused = new Set<string>();
vi.mock('@/lib/mail', async (load) => {
  const mail = await load<typeof import('@/lib/mail')>();
  const handOver: typeof mail.handOver = async (message) => {
    if (refused.has(message.to)) throw new Error('550 No such mailbox');
    await mail.handOver(message);
  };
  return { ...mail, handOver };
});

vi.stubEnv('LOG_LEVEL', 'silent');
vi.stubEnv('DATA_DIR', mkdtempSync(join(tmpdir(), 'tenantry-approvals-')));
const database = testDatabase();

const person = (name: string, role: StaffRole) =>
  staffMember(database, name, { role, email: `${name}@support.example` });

beforeEach(async () => {
  refused.clear();
  await database.owner.query('truncate users, approvals cascade');
});

const ask = (who: Awaited<ReturnType<typeof person>>) =>
  withPlatform((tx) =>
    askApproval(tx, who, {
      kind: 'export.across',
      tenantId: null,
      subject: { what: 'all records' },
      reason: 'An auditor asks for it',
    }),
  );

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

it('writes to the others once when one reader’s address is refused', async () => {
  const paula = await person('paula', 'platform_admin');
  await person('amir', 'platform_admin');
  await person('ruth', 'platform_admin');
  await person('zoe', 'platform_admin');
  refused.add('ruth@support.example');
  await ask(paula);
  expect([await tellApprovers(), await tellApprovers()]).toEqual([2, 0]);
});

it('tries again while nobody can be reached, and no longer once it has expired', async () => {
  const paula = await person('paula', 'platform_admin');
  await person('amir', 'platform_admin');
  const untold = async () =>
    (await database.owner.query('select from approvals where told_at is null')).rowCount;
  refused.add('amir@support.example');
  await ask(paula);
  expect([await tellApprovers(), await untold()]).toEqual([0, 1]);
  refused.clear();
  expect([await tellApprovers(), await untold()]).toEqual([1, 0]);
  await database.owner.query(
    "update approvals set told_at = null, expires_at = now() - interval '1 second'",
  );
  expect([await tellApprovers(), await untold()]).toEqual([0, 0]);
});
