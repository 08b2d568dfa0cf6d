import { describe, expect, it } from 'vitest';
import type { StaffContext } from '@/lib/access';
import { askStaffChange, carryOutAgain, countApprovals, listStaff } from '.';
import { reason, twoPersonsWorld } from './testing';

const world = twoPersonsWorld();
const { database } = world;

describe('the staff', () => {
  const askChange = async (
    who: StaffContext,
    wish: Omit<Parameters<typeof askStaffChange>[1], 'reason'>,
  ) => askStaffChange(who, { ...wish, reason } as Parameters<typeof askStaffChange>[1]);

  it('gain a member, whose role is changed, and who is taken off again', async () => {
    const { userId, email } = await database.createMember({ tenantId: world.tenantId });
    await world.decide(
      world.amir,
      await askChange(world.paula, { change: 'add', email, role: 'support' } as never),
    );
    const roleOf = async () =>
      (await database.owner.query('select role from staff where user_id = $1', [userId])).rows[0]
        ?.role;
    expect(await roleOf()).toBe('support');
    await world.decide(
      world.amir,
      await askChange(world.paula, { change: 'role', email, role: 'platform_admin' } as never),
    );
    expect(await roleOf()).toBe('platform_admin');
    await world.decide(
      world.amir,
      await askChange(world.paula, { change: 'remove', email } as never),
    );
    expect(await roleOf()).toBeUndefined();
    const { rows } = await database.owner.query('select session_version from users where id = $1', [
      userId,
    ]);
    expect(rows[0].session_version).toBe(2);
  });

  it('do not decide about themselves', async () => {
    const id = await askChange(world.paula, { change: 'remove', email: world.amir.email } as never);
    await expect(world.decide(world.amir, id)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await countApprovals(world.amir)).toBe(0);
  });

  it('keep a platform admin', async () => {
    await database.owner.query("update staff set role = 'support' where user_id = $1", [
      world.amir.userId,
    ]);
    const id = await askChange(world.amir, { change: 'remove', email: world.paula.email } as never);
    await database.owner.query(
      "update approvals set decision = 'approved', decided_by = $1, decided_at = now()",
      [world.paula.userId],
    );
    await expect(
      carryOutAgain({ ...world.amir, role: 'platform_admin' }, id),
    ).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('the last platform admin'),
    });
  });

  it('who lost their second factor get it taken away, by two', async () => {
    const id = await askChange(world.paula, {
      change: 'reset-factor',
      email: world.sam.email,
    } as never);
    await world.decide(world.amir, id);
    const list = await listStaff(world.paula);
    expect(list.map(({ name, factorSince }) => [name, factorSince !== null])).toEqual([
      ['Amir', true],
      ['Paula', true],
      ['Sam', false],
    ]);
    const { rows } = await database.owner.query(
      "select details from staff_access_logs where action = 'factor.reset'",
    );
    expect(rows).toEqual([{ details: { filter: { by: 'Paula and Amir' } } }]);
  });

  it('are not asked for a change that would change nothing', async () => {
    for (const wish of [
      { change: 'add', email: world.sam.email, role: 'support' },
      { change: 'role', email: world.sam.email, role: 'support' },
      { change: 'remove', email: 'nobody@support.example' },
    ]) {
      await expect(askChange(world.paula, wish as never)).rejects.toMatchObject({
        code: 'invalid_input',
      });
    }
  });
});
