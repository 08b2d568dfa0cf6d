import { beforeEach, describe, expect, it } from 'vitest';
import { newId, type TenantContext } from '@/db';
import { type TestMember, testDatabase } from '@/db/testing';
import type { SessionClaims } from '@/lib/auth';
import type { RequestFacts } from '@/lib/request';
import { recordHiddenPlace } from './hidden';

const database = testDatabase();
let tenant: TenantContext;
let member: TestMember;

beforeEach(async () => {
  await database.owner.query('delete from tenant_access_logs');
  tenant = await database.createTenant();
  member = await database.createMember(tenant);
});

const facts: RequestFacts = {
  requestId: 'request-1',
  method: 'GET',
  path: '/admin/tenants',
  search: '',
  ipAddress: '192.0.2.1',
};
const claims = (more: Partial<SessionClaims> = {}): SessionClaims => ({
  userId: member.userId,
  tenantId: tenant.tenantId,
  role: 'owner',
  sessionVersion: 1,
  ...more,
});

async function recorded(): Promise<unknown[]> {
  const { rows } = await database.owner.query(
    'select tenant_id, user_id, actor_email, reason, path from tenant_access_logs',
  );
  return rows;
}

describe('a member who asks for the support console', () => {
  it('is on the record of the organisation they are in', async () => {
    await recordHiddenPlace(claims(), facts);
    expect(await recorded()).toEqual([
      {
        tenant_id: tenant.tenantId,
        user_id: member.userId,
        actor_email: member.email,
        reason: 'not_staff',
        path: '/admin/tenants',
      },
    ]);
  });

  it.each<[string, () => Partial<SessionClaims> | Promise<Partial<SessionClaims>>]>([
    ['whose session was ended', () => ({ sessionVersion: 2 })],
    ['who is in no organisation', () => ({ tenantId: null })],
    ['whose tenant is gone', () => ({ tenantId: newId() })],
    ['who does not exist', () => ({ userId: newId() })],
  ])('%s leaves nothing', async (_who, more) => {
    await recordHiddenPlace(claims(await more()), facts);
    expect(await recorded()).toEqual([]);
  });

  it.each([
    ['was removed', 'delete from memberships where tenant_id = $1'],
    ['whose organisation was suspended', "update tenants set state = 'suspended' where id = $1"],
  ])('and %s is on its record all the same', async (_who, change) => {
    await database.owner.query(change, [tenant.tenantId]);
    await recordHiddenPlace(claims(), facts);
    expect(await recorded()).toMatchObject([
      { tenant_id: tenant.tenantId, user_id: member.userId, reason: 'not_staff' },
    ]);
  });

  it('and became staff after signing in is refused nothing that is not theirs', async () => {
    await database.owner.query("insert into staff (user_id, role) values ($1, 'support')", [
      member.userId,
    ]);
    await recordHiddenPlace(claims(), facts);
    expect(await recorded()).toEqual([]);
  });
});
