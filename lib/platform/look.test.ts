import { describe, expect, it } from 'vitest';
import { type NoteId, newId, type UserId } from '@/db';
import { tenantNotes } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { PublicError } from '@/lib/errors';
import { lookAsStaff } from './look';

const database = testDatabase();

const somebody = (): StaffContext => ({
  userId: newId<UserId>(),
  role: 'support',
  name: 'Sam',
  email: 'sam@support.example',
  requestId: 'request-1',
});

const listed = (staff: StaffContext, again: boolean) =>
  lookAsStaff(staff, { action: 'alerts.listed', again }, async () => 'seen');

const rowsOf = async ({ userId }: StaffContext): Promise<number> => {
  const { rows } = await database.owner.query(
    'select from staff_access_logs where user_id = $1 and action = $2',
    [userId, 'alerts.listed'],
  );
  return rows.length;
};

describe('a list that refreshes itself', () => {
  it('leaves the row of its opening, and shows what there is each time', async () => {
    const sam = somebody();
    await listed(sam, false);
    for (let n = 0; n < 3; n += 1) expect(await listed(sam, true)).toBe('seen');
    expect(await rowsOf(sam)).toBe(1);
  });

  it('is on record each time it is opened', async () => {
    const sam = somebody();
    for (let n = 0; n < 2; n += 1) await listed(sam, false);
    expect(await rowsOf(sam)).toBe(2);
  });

  it('does not hide a look of somebody who only says that it is a refresh', async () => {
    const [sam, other] = [somebody(), somebody()];
    await listed(other, false);
    await listed(sam, true);
    expect(await rowsOf(sam)).toBe(1);
  });

  it('is on record again after an hour', async () => {
    const sam = somebody();
    await listed(sam, false);
    await database.owner.query("update staff_access_logs set at = at - interval '61 minutes'");
    await listed(sam, true);
    expect(await rowsOf(sam)).toBe(2);
  });
});

it('a look that is refused leaves its row, and nothing else that was written', async () => {
  const sam = somebody();
  const { tenantId } = await database.createTenant('Refused');
  const refused = lookAsStaff(sam, { action: 'tenant.noted', tenantId }, async (tx) => {
    await tx.insert(tenantNotes).values({
      ...{ tenantId, id: newId<NoteId>(), body: 'Written too early' },
      ...{ authorId: sam.userId, authorName: sam.name },
    });
    throw new PublicError('conflict', 'No.');
  });
  await expect(refused).rejects.toMatchObject({ code: 'conflict' });
  const { rows } = await database.owner.query(
    `select (select count(*)::int from tenant_notes where tenant_id = $1) as notes,
            array(select details ->> 'refused' from staff_access_logs where tenant_id = $1) as looks`,
    [tenantId],
  );
  expect(rows).toEqual([{ notes: 0, looks: ['conflict'] }]);
});
