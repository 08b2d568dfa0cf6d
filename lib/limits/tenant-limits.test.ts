import { beforeEach, describe, expect, it } from 'vitest';
import { newId, type TenantContext, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import { allowAutomation, allowMember, limitUse, ownLimits } from '.';
import { shareOf } from './share';

const database = testDatabase();
let tenant: TenantContext;
beforeEach(async () => {
  tenant = await database.createTenant(`Bounded ${newId()}`);
});

const bound = (column: string, most: number) =>
  database.owner.query(`insert into tenant_limits (tenant_id, id, ${column}) values ($1, $2, $3)`, [
    tenant.tenantId,
    newId(),
    most,
  ]);

describe('a tenant’s limits', () => {
  it('refuse one automation too many, and say what to do', async () => {
    await bound('automations', 0);
    const add = withTenant(tenant, (tx) => allowAutomation(tx, tenant, 1));
    await expect(add).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/may have 0 automations.*Remove one.*Ask our support/),
    });
    await withTenant(tenant, (tx) => allowAutomation(tx, tenant, 0));
  });

  it('count members and open invitations together', async () => {
    await bound('members', 1);
    await withTenant(tenant, (tx) => allowMember(tx, tenant));
    await database.createMember(tenant);
    expect((await limitUse(tenant)).members).toBe(1);
    const add = withTenant(tenant, (tx) => allowMember(tx, tenant));
    await expect(add).rejects.toMatchObject({ code: 'conflict' });
  });

  it('hold for their own tenant only', async () => {
    await bound('automations', 0);
    const other = await database.createTenant('Unbounded');
    await withTenant(other, (tx) => allowAutomation(tx, other, 1));
  });
});

describe('what staff may say', () => {
  it.each([
    ['a share beyond all', { providerBudgetPercent: 101 }],
    ['no members', { members: 0 }],
    ['half an automation', { automations: 0.5 }],
  ])('is not %s', (_what, wrong) => {
    const all = Object.fromEntries(Object.keys(ownLimits.shape).map((key) => [key, null]));
    expect(ownLimits.safeParse(all).success).toBe(true);
    expect(ownLimits.safeParse({ ...all, ...wrong }).success).toBe(false);
  });
});

describe('a share of a budget', () => {
  it('fills more slowly and holds less, but always one call', () => {
    expect(shareOf({ capacity: 100, perSecond: 10 }, 25)).toEqual({ capacity: 25, perSecond: 2.5 });
    expect(shareOf({ capacity: 4, perSecond: 1 }, 1, 3).capacity).toBe(3);
  });
});
