import { beforeEach, describe, expect, it } from 'vitest';
import { newId, type TenantContext, type UserId } from '@/db';
import { type TestMember, testDatabase } from '@/db/testing';
import { memberOf } from './member';

const database = testDatabase();
let tenant: TenantContext;
let member: TestMember;

beforeEach(async () => {
  tenant = await database.createTenant();
  member = await database.createMember(tenant, { role: 'viewer' });
});

const facts = { requestId: 'request-1', method: 'GET', path: '/runs', search: '' };

/** Ask with a token that was sealed when all was well, by somebody who claims to be an owner. */
const ask = (claims: object = {}) =>
  memberOf(
    { ...tenant, userId: member.userId, role: 'owner', sessionVersion: 1, ...claims },
    facts,
  );

const change = (text: string) =>
  database.owner.query(text, [text.includes('users') ? member.userId : tenant.tenantId]);

describe('the member behind a token', () => {
  it('has the role of now, whatever the token says', async () => {
    expect(await ask()).toMatchObject({ ...tenant, userId: member.userId, role: 'viewer' });
    await change(`update memberships set role = 'admin' where tenant_id = $1`);
    expect(await ask()).toMatchObject({ role: 'admin' });
  });

  it('is nobody when their sessions were ended', async () => {
    await change('update users set session_version = session_version + 1 where id = $1');
    expect(await ask()).toBeNull();
    expect(await ask({ sessionVersion: 2 })).not.toBeNull();
  });

  it.each(['suspended', 'deleting'])('is nobody while the organisation is %s', async (state) => {
    await change(`update tenants set state = '${state}' where id = $1`);
    expect(await ask()).toBeNull();
  });

  it('is nobody once they were removed', async () => {
    await change('delete from memberships where tenant_id = $1');
    expect(await ask()).toBeNull();
  });

  it('is nobody in an organisation of others, or as somebody else, or in none', async () => {
    expect(await ask(await database.createTenant('Other'))).toBeNull();
    expect(await ask({ userId: newId<UserId>() })).toBeNull();
    expect(await ask({ tenantId: null })).toBeNull();
  });
});
