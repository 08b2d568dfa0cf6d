import { describe, expect, it } from 'vitest';
import { askStaffChange, carryOutAgain, readApproval } from '.';
import { reason, twoPersonsWorld } from './testing';

const world = twoPersonsWorld();
const { database } = world;

describe('of what was asked for by somebody who has left the staff', () => {
  const leaves = ({ userId }: typeof world.sam) =>
    database.owner.query('delete from staff where user_id = $1', [userId]);
  const refused = { code: 'conflict', message: expect.stringMatching(/ask(ed)?.* again\.$/i) };

  it('nothing is approved, and another asks for it once it is declined', async () => {
    const id = await world.askShred();
    await leaves(world.sam);
    const code = world.freshCode(world.paula);
    await expect(world.decide(world.paula, id, 'approved', code)).rejects.toMatchObject(refused);
    expect(await readApproval(world.paula, id)).toMatchObject({
      state: 'waiting',
      missing: 'asker',
    });
    expect(await world.keysLeft()).toBe(1);
    // With the same code, since none was used up.
    await world.decide(world.paula, id, 'declined', code);
    expect(await readApproval(world.paula, id)).toMatchObject({ missing: null });
    const another = await world.askShred(world.amir);
    expect(await readApproval(world.paula, another)).toMatchObject({ missing: null });
    await world.decide(world.paula, another);
    expect(await world.keysLeft()).toBe(0);
  });

  it('nothing is carried out that was approved before', async () => {
    const id = await world.askShred();
    await world.approvedByAmir();
    await leaves(world.sam);
    await expect(carryOutAgain(world.paula, id)).rejects.toMatchObject(refused);
    expect(await world.keysLeft()).toBe(1);
    expect(await readApproval(world.paula, id)).toMatchObject({
      state: 'approved',
      missing: 'asker',
      failure: refused.message,
    });
  });

  it('nor of what was approved by such a person, by whoever asked', async () => {
    const id = await world.askShred();
    await world.approvedByAmir();
    await leaves(world.amir);
    await expect(carryOutAgain(world.sam, id)).rejects.toMatchObject(refused);
    expect(await world.keysLeft()).toBe(1);
    expect(await readApproval(world.sam, id)).toMatchObject({ missing: 'approver' });
  });
});

it('what was approved by somebody who may not any more is not carried out', async () => {
  const id = await world.askShred();
  await world.approvedByAmir();
  expect(await readApproval(world.sam, id)).toMatchObject({ missing: null });
  await database.owner.query("update staff set role = 'support' where user_id = $1", [
    world.amir.userId,
  ]);
  await expect(carryOutAgain(world.sam, id)).rejects.toMatchObject({ code: 'conflict' });
  expect(await readApproval(world.sam, id)).toMatchObject({ missing: 'approver' });
  expect(await world.keysLeft()).toBe(1);
});

describe('what was approved and is carried out again by whoever asked', () => {
  it('is on the record of the tenant as the deed of who approved it', async () => {
    const id = await world.askShred();
    await world.approvedByAmir();
    await carryOutAgain(world.sam, id);
    const { rows } = await database.owner.query(
      "select actor_id, actor_name from audit_events where action = 'keys.shredded'",
    );
    expect(rows).toEqual([{ actor_id: world.amir.userId, actor_name: 'Amir' }]);
  });

  it('names two persons where the staff change', async () => {
    const { email } = world.sam;
    const id = await askStaffChange(world.paula, { change: 'reset-factor', email, reason });
    await world.approvedByAmir();
    await carryOutAgain(world.paula, id);
    const { rows } = await database.owner.query(
      "select details -> 'filter' ->> 'by' as by from staff_access_logs where action = 'factor.reset'",
    );
    expect(rows).toEqual([{ by: 'Paula and Amir' }]);
  });
});
