import { beforeEach, expect, it } from 'vitest';
import { newId, type UserId } from '@/db';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { askToDelete } from '.';

const database = testDatabase();
let ada: StaffContext;

beforeEach(async () => {
  const userId = newId<UserId>();
  const email = `${userId}@support.example`;
  await database.owner.query(`insert into users (id, email, name) values ($1, $2, 'Ada')`, [
    userId,
    email,
  ]);
  await database.owner.query(`insert into staff (user_id, role) values ($1, 'platform_admin')`, [
    userId,
  ]);
  ada = { userId, role: 'platform_admin', name: 'Ada', email, requestId: newId() };
});

it('takes the exact name of the tenant, whatever the page let through', async () => {
  const { tenantId } = await database.createTenant('Harbour');
  const ask = (typed: string) => askToDelete(ada, { tenantId, typed, reason: 'It has ended' });
  const asked = async () =>
    (await database.owner.query('select kind from approvals where tenant_id = $1', [tenantId]))
      .rows;
  await expect(ask('harbour')).rejects.toMatchObject({ code: 'invalid_input' });
  expect(await asked()).toEqual([]);
  await ask('Harbour');
  expect(await asked()).toEqual([{ kind: 'tenant.delete' }]);
});
