import { describe, expect, it } from 'vitest';
import { newId, withPlatform } from '@/db';
import { type ApprovalKind, askApproval, takeApproval } from '@/lib/approvals';
import { carryOutAgain, countApprovals, listApprovals, readApproval } from '.';
import { reason, twoPersonsWorld } from './testing';

const world = twoPersonsWorld();
const { database } = world;
const looks = async () => {
  const { rows } = await database.owner.query(
    `select action, user_id, tenant_id, details ->> 'refused' as refused from staff_access_logs
      where action like 'approval.%' order by at, id`,
  );
  return rows;
};

describe('what was asked for', () => {
  it('is carried out once another person approves it, and both are on record', async () => {
    const id = await world.askShred();
    expect(await world.decide(world.paula, id)).toMatch(/^1 key destroyed\./);
    expect(await world.keysLeft()).toBe(0);
    expect(await looks()).toEqual([
      {
        action: 'approval.asked',
        user_id: world.sam.userId,
        tenant_id: world.tenantId,
        refused: null,
      },
      {
        action: 'approval.approved',
        user_id: world.paula.userId,
        tenant_id: world.tenantId,
        refused: null,
      },
      {
        action: 'approval.carried_out',
        user_id: world.paula.userId,
        tenant_id: world.tenantId,
        refused: null,
      },
    ]);
    const { rows } = await database.owner.query(
      'select action, actor_type, actor_name, details from audit_events order by id',
    );
    expect(rows[0]).toMatchObject({
      action: 'approval.approved',
      actor_type: 'staff',
      actor_name: 'Paula',
      details: { askedBy: 'Sam', reason },
    });
    expect(rows.map(({ action }) => action)).toEqual(['approval.approved', 'keys.shredded']);
    expect(rows[1]).toMatchObject({ actor_type: 'staff', actor_name: 'Paula' });
    expect(await readApproval(world.sam, id)).toMatchObject({
      state: 'carried_out',
      decidedBy: { name: 'Paula' },
      outcome: expect.stringMatching(/^1 key destroyed/),
    });
  });

  it('is the destruction of keys only with the exact name typed, on record when it is not', async () => {
    await expect(world.askShred(world.sam, 'harbour')).rejects.toMatchObject({
      code: 'invalid_input',
      fields: { typed: 'Type Harbour to confirm.' },
    });
    const { rows } = await database.owner.query('select id from approvals');
    expect(rows).toEqual([]);
    expect(await looks()).toMatchObject([{ action: 'approval.asked', refused: 'invalid_input' }]);
  });

  it('is done once when two approve it at the same time, or one presses twice', async () => {
    const id = await world.askShred();
    const all = await Promise.allSettled([
      world.decide(world.paula, id),
      world.decide(world.amir, id),
      world.decide(world.paula, id),
    ]);
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { rows } = await database.owner.query(
      "select count(*)::int as count from audit_events where action = 'keys.shredded'",
    );
    expect(rows[0].count).toBe(1);
  });

  it('is not decided on by whoever asked, on record', async () => {
    const id = await world.askShred(world.paula);
    await expect(world.decide(world.paula, id)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await looks()).toContainEqual({
      action: 'approval.approved',
      user_id: world.paula.userId,
      tenant_id: world.tenantId,
      refused: 'forbidden',
    });
    // Nor by anybody who writes to the table past the code.
    await expect(
      database.owner.query(
        "update approvals set decision = 'approved', decided_by = asked_by, decided_at = now()",
      ),
    ).rejects.toThrow(/approvals_two_persons/);
    expect(await world.keysLeft()).toBe(1);
  });

  it('is not decided on by support, who do not even see it', async () => {
    const id = await world.askShred(world.paula);
    await expect(world.decide(world.sam, id)).rejects.toMatchObject({ code: 'not_found' });
    expect((await listApprovals(world.sam, 'all')).items).toEqual([]);
  });

  it('takes a right code, and uses none up on what cannot be decided', async () => {
    const id = await world.askShred();
    await expect(world.decide(world.paula, id, 'approved', '000000')).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(await world.keysLeft()).toBe(1);
    await world.decide(world.paula, id, 'declined');
    const code = world.freshCode(world.amir);
    await expect(world.decide(world.amir, id, 'approved', code)).rejects.toMatchObject({
      code: 'conflict',
    });
    const next = await world.askShred();
    await world.decide(world.amir, next, 'approved', code);
  });

  it('is not carried out when it was declined', async () => {
    const id = await world.askShred();
    expect(await world.decide(world.amir, id, 'declined')).toBe('It is declined.');
    await expect(carryOutAgain(world.paula, id)).rejects.toMatchObject({ code: 'conflict' });
    expect(await world.keysLeft()).toBe(1);
    expect(await readApproval(world.sam, id)).toMatchObject({
      state: 'declined',
      carriedOutAt: null,
    });
  });

  it('is not asked for twice while it waits', async () => {
    const id = await world.askShred();
    await expect(world.askShred(world.paula)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('second person'),
    });
    await world.decide(world.amir, id, 'declined');
    await world.askShred(world.paula);
  });

  it('expires after a day', async () => {
    const id = await world.askShred();
    const { rows } = await database.owner.query(
      'select expires_at - asked_at as left from approvals',
    );
    expect(rows[0].left).toMatchObject({ days: 1 });
    await database.owner.query("update approvals set expires_at = now() - interval '1 second'");
    await expect(world.decide(world.paula, id)).rejects.toMatchObject({ code: 'conflict' });
    expect(await readApproval(world.paula, id)).toMatchObject({ state: 'expired' });
    expect(await countApprovals(world.paula)).toBe(0);
  });

  it('that could not be carried out says so, and can be tried again', async () => {
    const subject = { tenantName: 'Harbour' };
    const id = await withPlatform((tx) =>
      askApproval(tx, world.sam, {
        kind: 'tenant.delete',
        tenantId: world.tenantId,
        subject,
        reason,
      }),
    );
    // An owner of it has asked for the same meanwhile.
    await database.owner.query(
      `insert into tenant_deletions (tenant_id, id, origin, asked_name, grace_until)
       values ($1, $2, 'owner', 'Ada', now() + interval '30 days')`,
      [world.tenantId, newId()],
    );
    await expect(world.decide(world.paula, id)).rejects.toMatchObject({
      code: 'conflict',
      message: 'Its deletion was asked for already.',
    });
    expect(await readApproval(world.amir, id)).toMatchObject({
      state: 'approved',
      failure: 'Its deletion was asked for already.',
      carriedOutAt: null,
    });
    await database.owner.query('update tenant_deletions set ended_at = now()');
    expect(await carryOutAgain(world.amir, id)).toMatch(/grace ends on/);
    await expect(carryOutAgain(world.amir, id)).rejects.toMatchObject({ code: 'conflict' });
    expect(await readApproval(world.amir, id)).toMatchObject({
      state: 'carried_out',
      failure: null,
    });
  });
});

describe('an approval', () => {
  const kind: ApprovalKind = 'export.across';
  const asked = () =>
    withPlatform((tx) =>
      askApproval(tx, world.paula, {
        kind,
        tenantId: null,
        subject: { what: 'all records' },
        reason,
      }),
    );

  it('that nobody carries out at once is used by whoever needs it, once', async () => {
    const id = await asked();
    const take = () => withPlatform((tx) => takeApproval(tx, world.paula, { kind, id }));
    await expect(take()).rejects.toMatchObject({ code: 'conflict' });
    await world.approvedByAmir();
    const both = await Promise.allSettled([take(), take()]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('is not used when what it approved fails', async () => {
    const id = await asked();
    await world.approvedByAmir();
    const failing = withPlatform(async (tx) => {
      await takeApproval(tx, world.paula, { kind, id });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow();
    await withPlatform((tx) => takeApproval(tx, world.paula, { kind, id }));
  });

  it('cannot be written along with the request by the role that serves staff', async () => {
    const forged = database.owner.query(
      `set role tenantry_platform; insert into approvals
         (id, kind, subject, reason, asked_by, expires_at, decided_by, decided_at, decision)
       values (gen_random_uuid(), 'keys.shred', '{}', 'x', gen_random_uuid(), now(),
               gen_random_uuid(), now(), 'approved')`,
    );
    await expect(forged).rejects.toThrow(/permission denied/);
    await database.owner.query('reset role');
  });
});
