import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type InvitationId, type MailId, type UserId, withIdentity } from '@/db';
import { testDatabase } from '@/db/testing';
import { PublicError } from '@/lib/errors';
import { deliver } from '@/lib/mail';
import {
  changeRole,
  inviteMember,
  listInvitations,
  loadMembership,
  type MemberContext,
  type MemberRole,
  removeMember,
  revokeInvitation,
  viewInvitation,
} from '@/lib/tenancy';
import { holdTestKey } from '@/lib/vault/testing';
import { addMember, joinAsNewPerson, joinAsPerson } from './join';
import { personByEmail } from './people';

vi.stubEnv('LOG_LEVEL', 'silent');
vi.stubEnv('APP_URL', 'https://tenantry.example');
const database = testDatabase();
const facts = { requestId: 'req-join', ipAddress: '203.0.113.7' };
const kim = { name: 'Kim Ray', password: 'over the hills and far' };
const email = 'kim@harbour.example';
let owner: MemberContext;

async function memberOf(tenant: { tenantId: MemberContext['tenantId'] }, role: MemberRole) {
  const person = await database.createMember(tenant, { role });
  return {
    ...{ tenantId: tenant.tenantId, tenantName: 'Harbour', role, ...person },
    actor: { type: 'member' as const, id: person.userId, name: 'Ada Example' },
    requestId: 'req-1',
  };
}

beforeAll(() => holdTestKey());
beforeEach(async () => {
  await database.owner.query(
    'truncate tenants, users, memberships, invitations, mails, jobs, tenant_keys, audit_events cascade',
  );
  owner = await memberOf(await database.createTenant('Harbour'), 'owner');
});

const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'done',
    (error: unknown) => (error instanceof PublicError ? error.code : Promise.reject(error)),
  );
const invite = (role: MemberRole = 'member') => inviteMember(owner, { email, role });
const person = async (address: string) => {
  const found = await withIdentity((tx) => personByEmail(tx, address));
  return found ?? expect.unreachable(`nobody has ${address}`);
};
const actions = async () =>
  (await database.owner.query('select action from audit_events order by id')).rows.map(
    (row) => row.action,
  );
const roleOf = async (userId: UserId) =>
  (await loadMembership(owner.tenantId, userId))?.role ?? null;

describe('inviting', () => {
  it('keeps the secret nowhere but in the sealed mail, which goes out with the link', async () => {
    const { link, token } = await invite();
    expect(link).toBe(`https://tenantry.example/invitations/${token}`);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);

    const { rows } = await database.owner.query(
      `select i::text || m::text || a::text as everything, m.id as mail, m.recipient
       from invitations i, mails m, audit_events a`,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0].everything).not.toContain(token);
    expect(rows[0].recipient).toBe(email);
    const sent: string[] = [];
    await deliver(owner, rows[0].mail as MailId, async ({ text }) => void sent.push(text));
    expect(sent).toEqual([expect.stringContaining(link)]);
    expect(await actions()).toEqual(['member.invited']);
  });

  it('leaves no invitation behind when the mail cannot be queued', async () => {
    await database.owner.query('revoke insert on mails from tenantry_app');
    try {
      await expect(invite()).rejects.toThrow(/permission denied/);
      expect(await listInvitations(owner)).toEqual([]);
    } finally {
      await database.owner.query('grant insert on mails to tenantry_app');
    }
  });

  it('an owner is not for an admin, and anybody is not for a viewer', async () => {
    const admin = await memberOf(owner, 'admin');
    expect(await codeOf(inviteMember(admin, { email, role: 'owner' }))).toBe('forbidden');
    expect(await codeOf(inviteMember(admin, { email, role: 'admin' }))).toBe('done');
    const viewer = await memberOf(owner, 'viewer');
    expect(await codeOf(inviteMember(viewer, { email, role: 'viewer' }))).toBe('forbidden');
  });

  it('is bounded per organisation and hour: each goes out as a mail with words of its choosing', async () => {
    await database.owner.query(
      `insert into invitations (tenant_id, id, email, role, token_hash, invited_by, expires_at, revoked_at)
       select $1, gen_random_uuid(), 'someone@example.com', 'viewer', '', $2, now(), now()
         from generate_series(1, 100)`,
      [owner.tenantId, owner.userId],
    );
    expect(await codeOf(invite())).toBe('rate_limited');
    const other = await memberOf(await database.createTenant('Other'), 'owner');
    expect(await codeOf(inviteMember(other, { email, role: 'viewer' }))).toBe('done');
    await database.owner.query(`update invitations set created_at = now() - interval '1 hour'`);
    expect(await codeOf(invite())).toBe('done');
  });

  it('a member is a conflict', async () => {
    expect(await codeOf(inviteMember(owner, { email: owner.email, role: 'viewer' }))).toBe(
      'conflict',
    );
  });

  it('the same address again withdraws the earlier link', async () => {
    const [first, second] = [await invite('viewer'), await invite('admin')];
    expect(await viewInvitation(first.token)).toMatchObject({ state: 'revoked' });
    expect(await viewInvitation(second.token)).toMatchObject({ state: 'open', role: 'admin' });
    expect(await listInvitations(owner)).toHaveLength(1);
  });

  it('the same address at once leaves one link open', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => invite()));
    const views = await Promise.all(made.map(({ token }) => viewInvitation(token)));
    expect(views.filter(({ state }) => state === 'open')).toHaveLength(1);
  });
});

describe('accepting as somebody new', () => {
  it('makes the account with the invited address and role, and is on record', async () => {
    const { token } = await invite('admin');
    const joined = await joinAsNewPerson(token, kim, facts);
    expect(joined).toMatchObject({ tenantId: owner.tenantId, email });
    expect(await roleOf(joined.userId)).toBe('admin');
    expect(await actions()).toEqual(['member.invited', 'invitation.accepted']);
  });

  it('works once, also when tried several times at once', async () => {
    const { token } = await invite();
    const ends = await Promise.all(
      Array.from({ length: 5 }, () => codeOf(joinAsNewPerson(token, kim, facts))),
    );
    expect(ends.filter((end) => end === 'done')).toHaveLength(1);
    expect(await viewInvitation(token)).toMatchObject({ state: 'accepted' });
  });

  it('makes no account when the invitation cannot be taken', async () => {
    const { token } = await invite();
    await database.owner.query(`update invitations set expires_at = now() - interval '1 second'`);
    expect(await codeOf(joinAsNewPerson(token, kim, facts))).toBe('gone');
    expect(await withIdentity((tx) => personByEmail(tx, email))).toBeNull();
  });

  it('leaves the invitation open when the password is guessable', async () => {
    const { token } = await invite();
    const guessable = { ...kim, password: 'kim@harbour.example' };
    expect(await codeOf(joinAsNewPerson(token, guessable, facts))).toBe('invalid_input');
    expect(await viewInvitation(token)).toMatchObject({ state: 'open' });
  });

  it('is refused when the address has an account by now, and the invitation stays', async () => {
    const { token } = await invite();
    await database.createMember(await database.createTenant('Other'), { email });
    expect(await codeOf(joinAsNewPerson(token, kim, facts))).toBe('conflict');
    expect(await viewInvitation(token)).toMatchObject({ state: 'open', hasAccount: true });
  });
});

describe('accepting as somebody who is signed in', () => {
  it('joins the person with the invited address', async () => {
    await database.createMember(await database.createTenant('Other'), { email });
    const { token } = await invite('viewer');
    const invited = await person(email);
    expect(await joinAsPerson(token, invited, facts)).toBe(owner.tenantId);
    expect(await roleOf(invited.userId)).toBe('viewer');
  });

  it('is refused for another person, whose role does not change', async () => {
    const { token } = await invite('owner');
    const viewer = await memberOf(owner, 'viewer');
    expect(await codeOf(joinAsPerson(token, await person(viewer.email), facts))).toBe('forbidden');
    expect(await roleOf(viewer.userId)).toBe('viewer');
    expect(await viewInvitation(token)).toMatchObject({ state: 'open' });
  });

  it('is a conflict for a member, whose role does not change', async () => {
    const { token } = await invite('owner');
    const { userId } = await database.createMember(owner, { role: 'viewer', email });
    expect(await codeOf(joinAsPerson(token, await person(email), facts))).toBe('conflict');
    expect(await roleOf(userId)).toBe('viewer');
  });
});

describe('a link', () => {
  it.each(['', 'abc', 'A'.repeat(43), '../../etc/passwd', `${'A'.repeat(42)}=`])(
    'that fits nothing is unknown: %j',
    async (token) => {
      expect(await viewInvitation(token)).toEqual({ state: 'unknown' });
      expect(await codeOf(joinAsNewPerson(token, kim, facts))).toBe('not_found');
    },
  );

  it('stops working when it is withdrawn, and only its own organisation can do that', async () => {
    const { token } = await invite();
    const [listed] = await listInvitations(owner);
    const id = listed?.id as InvitationId;
    const stranger = await memberOf(await database.createTenant('Other'), 'owner');
    expect(await codeOf(revokeInvitation(stranger, id))).toBe('not_found');
    await revokeInvitation(owner, id);
    expect(await viewInvitation(token)).toMatchObject({ state: 'revoked' });
    expect(await codeOf(joinAsNewPerson(token, kim, facts))).toBe('gone');
    expect(await codeOf(revokeInvitation(owner, id))).toBe('not_found');
  });

  it('that makes an owner is withdrawn by an owner only', async () => {
    const { token } = await invite('owner');
    const [listed] = await listInvitations(owner);
    const admin = await memberOf(owner, 'admin');
    const id = listed?.id as InvitationId;
    expect(await codeOf(revokeInvitation(admin, id))).toBe('forbidden');
    expect(await viewInvitation(token)).toMatchObject({ state: 'open' });
    expect(await codeOf(revokeInvitation(owner, id))).toBe('done');
  });

  it('expires', async () => {
    const { token } = await invite();
    await database.owner.query('update invitations set expires_at = now()');
    expect(await viewInvitation(token)).toMatchObject({ state: 'expired', tenantName: 'Harbour' });
    expect(await listInvitations(owner)).toMatchObject([{ email, expired: true }]);
  });

  it('goes with whoever sent it: a former admin does not come back by their own link', async () => {
    const admin = await memberOf(owner, 'admin');
    const { token } = await inviteMember(admin, { email, role: 'admin' });
    await removeMember(owner, { memberId: admin.membershipId, typed: admin.email });
    expect(await viewInvitation(token)).toMatchObject({ state: 'revoked' });
    expect(await codeOf(joinAsNewPerson(token, kim, facts))).toBe('gone');
    expect(await withIdentity((tx) => personByEmail(tx, email))).toBeNull();
  });

  it('gives no role that its sender may not give any more', async () => {
    const admin = await memberOf(owner, 'owner');
    const { token } = await inviteMember(admin, { email, role: 'owner' });
    await changeRole(owner, { memberId: admin.membershipId, role: 'admin' });
    expect(await codeOf(joinAsNewPerson(token, kim, facts))).toBe('gone');
    await changeRole(owner, { memberId: admin.membershipId, role: 'owner' });
    expect(await codeOf(joinAsNewPerson(token, kim, facts))).toBe('done');
  });

  it('waits while the organisation is suspended', async () => {
    const { token } = await invite();
    await database.owner.query(`update tenants set state = 'suspended'`);
    expect(await viewInvitation(token)).toEqual({ state: 'suspended' });
    expect(await codeOf(joinAsNewPerson(token, kim, facts))).toBe('not_found');
    await database.owner.query(`update tenants set state = 'active'`);
    expect(await codeOf(joinAsNewPerson(token, kim, facts))).toBe('done');
  });
});

it('a member can be added from the command line', async () => {
  const { userId } = await addMember(owner, { ...kim, email, role: 'viewer' });
  expect(await roleOf(userId)).toBe('viewer');
});
