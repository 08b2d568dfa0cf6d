import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId, type TenantContext, type TenantId, type UserId, withIdentity } from '@/db';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { staffMember } from '@/lib/access/testing';
import { takeInvitation, viewInvitation } from '@/lib/tenancy';
import { hashInvitationToken } from '@/lib/tenancy/invitation-token';
import { holdTestKey } from '@/lib/vault/testing';
import { createCustomer, inviteOwner, tenantOverview, withdrawOwner } from '.';

const database = testDatabase();
beforeAll(() => holdTestKey());

let ada: StaffContext;
let tenant: TenantContext;
beforeEach(async () => {
  ada = await staffMember(database, 'Ada Admin', { role: 'platform_admin' });
  tenant = await database.createTenant(`Cared for ${newId().slice(-6)}`);
});

interface Event {
  readonly action: string;
  readonly actor_type: string;
  readonly actor_name: string;
  readonly details: Record<string, unknown>;
}

async function onRecord(tenantId: TenantId, like: string): Promise<readonly Event[]> {
  const { rows } = await database.owner.query<Event>(
    `select action, actor_type, actor_name, details from audit_events
      where tenant_id = $1 and action like $2 order by id`,
    [tenantId, like],
  );
  return rows;
}

describe('a new customer', () => {
  const openLinks = async (tenantId: TenantId) => {
    const { rows } = await database.owner.query<{ email: string; invited_as: string }>(
      `select email, invited_as from invitations
        where tenant_id = $1 and revoked_at is null and accepted_at is null`,
      [tenantId],
    );
    return rows;
  };

  it('has an organisation without members, and an invited owner', async () => {
    const tenantId = await createCustomer(ada, { name: 'Fresh Ltd', owner: 'fay@fresh.example' });
    expect(await openLinks(tenantId)).toEqual([
      { email: 'fay@fresh.example', invited_as: 'staff' },
    ]);
    const { members, onboarding, invitations } = await tenantOverview(ada, tenantId);
    expect(members).toBe(0);
    expect(invitations).toMatchObject([{ byStaff: true, role: 'owner', expired: false }]);
    expect(onboarding).toMatchObject({
      invited: expect.any(String),
      joined: null,
      connected: null,
      discovered: null,
      ran: null,
    });
    expect(await onRecord(tenantId, 'tenant.created')).toMatchObject([{ actor_type: 'staff' }]);
  });

  it('is invited again by a new link, and the invitation can be taken back', async () => {
    const owner = 'fay@again.example';
    const tenantId = await createCustomer(ada, { name: 'Again Ltd', owner });
    await inviteOwner(ada, { tenantId, email: owner });
    expect(await openLinks(tenantId)).toHaveLength(1);
    await withdrawOwner(ada, { tenantId, email: owner });
    expect(await openLinks(tenantId)).toEqual([]);
    const none = withdrawOwner(ada, { tenantId, email: owner });
    await expect(none).rejects.toMatchObject({ code: 'conflict' });
  });

  it('with an owner is nobody’s to invite into any more', async () => {
    await database.createMember(tenant, { role: 'owner' });
    const late = inviteOwner(ada, { tenantId: tenant.tenantId, email: 'eve@late.example' });
    await expect(late).rejects.toMatchObject({ code: 'conflict' });
  });

  /** An invitation by staff, with a link that is known. */
  async function known(tenantId: TenantId, address: string, letter: string) {
    const token = letter.repeat(43);
    await database.owner.query(
      'update invitations set token_hash = $1 where tenant_id = $2 and email = $3',
      [hashInvitationToken(token), tenantId, address],
    );
    const userId = newId<UserId>();
    await database.owner.query('insert into users (id, email, name) values ($1, $2, $3)', [
      userId,
      address,
      'Somebody',
    ]);
    const person = { userId, name: 'Somebody', email: address };
    return {
      token,
      take: () => withIdentity((tx) => takeInvitation(tx, token, person, { requestId: newId() })),
    };
  }

  it('is their owner’s from the first one on: no other link of ours lets in', async () => {
    const tenantId = await createCustomer(ada, { name: 'One Ltd', owner: 'one@one.example' });
    await inviteOwner(ada, { tenantId, email: 'eve@one.example' });
    const one = await known(tenantId, 'one@one.example', 'B');
    const eve = await known(tenantId, 'eve@one.example', 'C');
    await one.take();
    expect(await openLinks(tenantId)).toEqual([]);
    expect(await viewInvitation(eve.token)).toMatchObject({ state: 'revoked' });
    await expect(eve.take()).rejects.toMatchObject({ code: 'gone' });
    const revoked = await onRecord(tenantId, 'invitation.revoked');
    expect(revoked).toMatchObject([{ details: { reason: 'the organisation has an owner' } }]);
  });

  it('gets one owner when two links of ours are taken at the same time', async () => {
    const tenantId = await createCustomer(ada, { name: 'Two Ltd', owner: 'one@two.example' });
    await inviteOwner(ada, { tenantId, email: 'eve@two.example' });
    const links = [
      await known(tenantId, 'one@two.example', 'D'),
      await known(tenantId, 'eve@two.example', 'E'),
    ];
    const taken = await Promise.allSettled(links.map(({ take }) => take()));
    expect(taken.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const { rows } = await database.owner.query(
      'select role from memberships where tenant_id = $1',
      [tenantId],
    );
    expect(rows).toEqual([{ role: 'owner' }]);
  });

  it('cannot be let in by staff once there is an owner, whenever the link was made', async () => {
    const tenantId = await createCustomer(ada, { name: 'Late Ltd', owner: 'eve@late.example' });
    const eve = await known(tenantId, 'eve@late.example', 'F');
    await database.createMember({ tenantId }, { role: 'owner' });
    expect(await viewInvitation(eve.token)).toMatchObject({ state: 'revoked' });
    await expect(eve.take()).rejects.toMatchObject({ code: 'gone' });
  });

  it('cannot come in by a link whose sender is no longer staff', async () => {
    const tenantId = await createCustomer(ada, { name: 'Gone Ltd', owner: 'gil@gone.example' });
    const { rows } = await database.owner.query<{ token_hash: string }>(
      'select token_hash from invitations where tenant_id = $1',
      [tenantId],
    );
    expect(rows).toHaveLength(1);
    const token = 'A'.repeat(43);
    await database.owner.query('update invitations set token_hash = $1 where tenant_id = $2', [
      hashInvitationToken(token),
      tenantId,
    ]);
    expect(await viewInvitation(token)).toMatchObject({ state: 'open', role: 'owner' });
    await database.owner.query('delete from staff where user_id = $1', [ada.userId]);
    expect(await viewInvitation(token)).toMatchObject({ state: 'revoked' });
  });
});
