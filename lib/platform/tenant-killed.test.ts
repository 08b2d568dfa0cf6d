import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it, vi } from 'vitest';
import { newId, type UserId } from '@/db';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { holdTestKeyFile } from '@/lib/vault/testing';
import { createCustomer, tenantOverview } from '.';

const dataDir = mkdtempSync(join(tmpdir(), 'tenantry-customer-'));
const keyFile = join(dataDir, 'key');
vi.stubEnv('DATA_DIR', dataDir);
vi.stubEnv('KEY_FILE', keyFile);
vi.stubEnv('LOG_LEVEL', 'silent');
const database = testDatabase();

const userId = newId<UserId>();
const ada: StaffContext = {
  ...{ userId, role: 'platform_admin', name: 'Ada', email: 'ada@support.example' },
  requestId: 'request-1',
};
const asked = { name: 'Fresh Ltd', owner: 'fay@fresh.example' };

beforeAll(async () => {
  holdTestKeyFile(keyFile);
  await database.owner.query('insert into users (id, email, name) values ($1, $2, $3)', [
    ...[userId, ada.email, ada.name],
  ]);
  await database.owner.query(`insert into staff (user_id, role) values ($1, 'platform_admin')`, [
    userId,
  ]);
});

const named = async () =>
  (await database.owner.query('select id from tenants where name = $1', [asked.name])).rows;
const count = async (table: string) =>
  (await database.owner.query(`select count(*)::int as n from ${table}`)).rows[0].n;

/** Make the customer in a process that is killed once the organisation is there and nobody is invited. */
async function killedBetween(): Promise<void> {
  await database.owner.query('begin');
  try {
    await database.owner.query('lock table invitations in exclusive mode');
    const path = fileURLToPath(new URL('testing/doomed-customer.ts', import.meta.url));
    const given = [JSON.stringify(ada), JSON.stringify(asked)];
    const child = spawn(process.execPath, ['--import', 'tsx', path, ...given]);
    child.stderr.pipe(process.stderr);
    const ended = new Promise((resolve) => {
      child.once('close', (_code, signal) => resolve(signal));
    });
    await vi.waitUntil(async () => (await named()).length > 0, { timeout: 90_000, interval: 50 });
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
  } finally {
    await database.owner.query('rollback');
  }
}

it('a customer whose making was killed half-way is gone on with, not made twice', async () => {
  await killedBetween();
  const [before] = await named();
  expect(await count('invitations')).toBe(0);

  const tenantId = await createCustomer(ada, asked);
  expect(tenantId).toBe(before.id);
  expect(await named()).toHaveLength(1);
  const { invitations, onboarding } = await tenantOverview(ada, tenantId);
  expect(invitations).toMatchObject([{ email: asked.owner, role: 'owner', byStaff: true }]);
  expect(onboarding.invited).not.toBeNull();
  expect(await count('mails')).toBe(1);
  const { rows } = await database.owner.query(
    'select action from audit_events where tenant_id = $1 order by id',
    [tenantId],
  );
  expect(rows.map(({ action }) => action)).toEqual(['tenant.created', 'member.invited']);

  // One that is whole is left alone: another customer may be called the same.
  expect(await createCustomer(ada, { ...asked, owner: 'gil@fresh.example' })).not.toBe(tenantId);
});

it('what somebody else of the staff began is not gone on with', async () => {
  const other = { ...ada, userId: newId<UserId>(), name: 'Amir', requestId: 'request-2' };
  await database.owner.query('delete from invitations');
  const mine = new Set((await named()).map(({ id }) => id));
  expect(mine.has(await createCustomer(other, asked))).toBe(false);
});
