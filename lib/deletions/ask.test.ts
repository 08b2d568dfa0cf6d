import { beforeEach, expect, it } from 'vitest';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { staffMember } from '@/lib/access/testing';
import { askToDelete } from '.';

const database = testDatabase();
let ada: StaffContext;

beforeEach(async () => {
  ada = await staffMember(database, 'Ada', { role: 'platform_admin' });
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
