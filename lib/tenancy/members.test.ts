import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type MembershipId, newId, type TenantContext, withTenant } from '@/db';
import { automations, connections } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import { PublicError } from '@/lib/errors';
import { holdTestKey } from '@/lib/vault/testing';
import {
  changeRole,
  listMembers,
  type MemberContext,
  type MemberRole,
  memberRoles,
  removeMember,
  renameTenant,
} from '.';

vi.stubEnv('LOG_LEVEL', 'silent');
const database = testDatabase();
let tenant: TenantContext;
let owner: MemberContext & Joined;

interface Joined {
  readonly membershipId: MembershipId;
}

async function member(role: MemberRole, of: TenantContext = tenant) {
  const { userId, membershipId, email } = await database.createMember(of, { role });
  const context: MemberContext & Joined = {
    ...{ tenantId: of.tenantId, tenantName: 'Acme', userId, membershipId, role, email },
    actor: { type: 'member', id: userId, name: 'Ada Example' },
    requestId: 'req-1',
  };
  return context;
}

beforeAll(() => holdTestKey());
beforeEach(async () => {
  tenant = await database.createTenant('Acme');
  owner = await member('owner');
});

const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'done',
    (error: unknown) => (error instanceof PublicError ? error.code : Promise.reject(error)),
  );
const rolesNow = async () => (await listMembers(owner)).map(({ role }) => role);
async function recorded() {
  const { rows } = await database.owner.query(
    'select action, target_id, details from audit_events where tenant_id = $1 order by id',
    [tenant.tenantId],
  );
  return rows;
}

describe('the members of an organisation', () => {
  it('are listed with owners first, and nobody of another organisation among them', async () => {
    await member('viewer');
    await member('admin');
    await member('owner', await database.createTenant('Other'));
    expect(await rolesNow()).toEqual(['owner', 'admin', 'viewer']);
  });
});

describe('changing a role', () => {
  it('holds at once and is on record with what was before', async () => {
    const viewer = await member('viewer');
    await changeRole(owner, { memberId: viewer.membershipId, role: 'admin' });
    expect(await rolesNow()).toEqual(['owner', 'admin']);
    expect(await recorded()).toEqual([
      {
        action: 'member.role_changed',
        target_id: viewer.userId,
        details: { before: 'viewer', after: 'admin' },
      },
    ]);
  });

  it('does not touch a member of another organisation', async () => {
    const foreign = await member('viewer', await database.createTenant('Other'));
    const change = { memberId: foreign.membershipId, role: 'admin' as const };
    expect(await codeOf(changeRole(owner, change))).toBe('not_found');
    expect(await codeOf(changeRole(owner, { ...change, memberId: newId() }))).toBe('not_found');
  });

  it.each(
    memberRoles.flatMap((by) =>
      memberRoles.flatMap((from) => memberRoles.map((to) => [by, from, to] as const)),
    ),
  )('by %s, from %s to %s, is decided by who may touch whom', async (by, from, to) => {
    const caller = by === 'owner' ? owner : await member(by);
    const other = await member(from);
    const allowed = by === 'owner' || (by === 'admin' && from !== 'owner' && to !== 'owner');
    const expected = !allowed ? 'forbidden' : from === to ? 'conflict' : 'done';
    expect(await codeOf(changeRole(caller, { memberId: other.membershipId, role: to }))).toBe(
      expected,
    );
  });
});

describe('removing a member', () => {
  it('takes the typed address, and is on record', async () => {
    const viewer = await member('viewer');
    const removal = { memberId: viewer.membershipId, typed: 'somebody@else.example' };
    expect(await codeOf(removeMember(owner, removal))).toBe('invalid_input');
    await removeMember(owner, { ...removal, typed: ` ${viewer.email.toUpperCase()} ` });
    expect(await rolesNow()).toEqual(['owner']);
    expect((await recorded()).map(({ action }) => action)).toEqual(['member.removed']);
  });

  it('lets their schedules rest, each on record, and leaves the others alone', async () => {
    const [leaving, staying] = [await member('member'), await member('member')];
    const nextRunAt = new Date('2030-01-01T06:00:00Z');
    const scheduled = (maker: MemberContext, name: string, next: Date | null) => ({
      ...tenant,
      name,
      template: 'morning-agenda',
      parameters: {},
      trigger: { type: 'manual' } as const,
      createdBy: maker.userId,
      nextRunAt: next,
    });
    await withTenant(tenant, async (tx) => {
      const [connection] = await tx
        .insert(connections)
        .values({ ...tenant, provider: 'google', createdBy: owner.userId })
        .returning({ connectionId: connections.id });
      if (!connection) throw new Error('no connection');
      await tx
        .insert(automations)
        .values(
          [
            scheduled(leaving, 'theirs', nextRunAt),
            scheduled(leaving, 'by hand', null),
            scheduled(staying, 'of others', nextRunAt),
          ].map((values) => ({ ...values, ...connection })),
        );
    });
    await removeMember(owner, { memberId: leaving.membershipId, typed: leaving.email });
    const rows = await withTenant(tenant, (tx) =>
      tx.select({ name: automations.name, enabled: automations.enabled }).from(automations),
    );
    expect(Object.fromEntries(rows.map(({ name, enabled }) => [name, enabled]))).toEqual({
      theirs: false,
      'by hand': true,
      'of others': true,
    });
    const actions = (await recorded()).map(({ action }) => action);
    expect(actions.sort()).toEqual(['automation.disabled', 'member.removed']);
  });

  it('of an owner is not for an admin', async () => {
    const admin = await member('admin');
    const removal = { memberId: owner.membershipId, typed: owner.email };
    expect(await codeOf(removeMember(admin, removal))).toBe('forbidden');
  });
});

describe('the last owner', () => {
  const leave = (context: MemberContext & Joined) =>
    removeMember(context, { memberId: context.membershipId, typed: context.email });

  it('can neither leave nor step down', async () => {
    expect(await codeOf(leave(owner))).toBe('conflict');
    const change = { memberId: owner.membershipId, role: 'viewer' as const };
    expect(await codeOf(changeRole(owner, change))).toBe('conflict');
    expect(await rolesNow()).toEqual(['owner']);
  });

  it('stays when two owners leave at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const second = await member('owner');
      const ends = await Promise.all([codeOf(leave(owner)), codeOf(leave(second))]);
      expect(ends.sort()).toEqual(['conflict', 'done']);
      expect(await rolesNow()).toEqual(['owner']);
      if ((await listMembers(owner))[0]?.userId === second.userId) owner = second;
    }
  });

  it('stays when owners take the role from each other at once', async () => {
    const second = await member('owner');
    const ends = await Promise.all([
      codeOf(changeRole(owner, { memberId: second.membershipId, role: 'viewer' })),
      codeOf(changeRole(second, { memberId: owner.membershipId, role: 'viewer' })),
    ]);
    expect(ends.sort()).toEqual(['conflict', 'done']);
    expect((await rolesNow()).filter((role) => role === 'owner')).toHaveLength(1);
  });
});

describe('renaming the organisation', () => {
  it('is on record with both names, and needs another one', async () => {
    await renameTenant(owner, 'Acme & Sons');
    expect(await codeOf(renameTenant(owner, 'Acme & Sons'))).toBe('conflict');
    expect(await recorded()).toEqual([
      {
        action: 'tenant.renamed',
        target_id: tenant.tenantId,
        details: { before: 'Acme', after: 'Acme & Sons' },
      },
    ]);
  });
});
