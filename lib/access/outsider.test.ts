import { beforeEach, describe, expect, it } from 'vitest';
import { newId, type TenantContext } from '@/db';
import { type TestMember, testDatabase } from '@/db/testing';
import type { SessionClaims } from '@/lib/auth';
import { recordOutsider } from './outsider';

const database = testDatabase();
let tenant: TenantContext;
let member: TestMember;

beforeEach(async () => {
  await database.owner.query('delete from tenant_access_logs');
  tenant = await database.createTenant();
  member = await database.createMember(tenant);
  await database.owner.query('delete from memberships where tenant_id = $1', [tenant.tenantId]);
});

const facts = {
  requestId: 'request-1',
  method: 'GET',
  path: '/api/runs',
  search: '',
  ipAddress: '192.0.2.1',
};
const claims = (more: Partial<SessionClaims> = {}): SessionClaims => ({
  ...{ userId: member.userId, tenantId: tenant.tenantId, role: 'owner', sessionVersion: 1 },
  ...more,
});

async function recorded(): Promise<unknown[]> {
  const { rows } = await database.owner.query(
    'select tenant_id, user_id, actor_email, reason, method, path, times from tenant_access_logs',
  );
  return rows;
}

describe('somebody who was a member', () => {
  it('is on the record of the tenant that their token names', async () => {
    await recordOutsider(Promise.resolve(claims()), facts, 'not_member');
    expect(await recorded()).toEqual([
      {
        tenant_id: tenant.tenantId,
        user_id: member.userId,
        actor_email: member.email,
        reason: 'not_member',
        method: 'GET',
        path: '/api/runs',
        times: 1,
      },
    ]);
  });

  it('is on it with the action that they asked for', async () => {
    const asked = { form: 'action', name: 'runs.cancel', ids: {} } as const;
    await recordOutsider(Promise.resolve(claims()), facts, 'not_member', asked);
    expect(await recorded()).toMatchObject([{ method: 'ACTION', path: 'runs.cancel' }]);
  });

  it.each<[string, () => Promise<SessionClaims | null>]>([
    ['without a token that is ours', async () => null],
    ['whose session was ended', async () => claims({ sessionVersion: 2 })],
    ['in no tenant', async () => claims({ tenantId: null })],
    ['of a tenant that is gone', async () => claims({ tenantId: newId() })],
    ['who does not exist', async () => claims({ userId: newId() })],
    ['whose token cannot be read', () => Promise.reject(new Error('no request'))],
  ])('%s leaves nothing, and no error', async (_who, claimed) => {
    await recordOutsider(claimed(), facts, 'not_member');
    expect(await recorded()).toEqual([]);
  });
});
