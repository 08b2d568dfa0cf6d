import { newId, type UserId } from '@/db';
import type { StaffRole } from '@/db/schema';
import type { TestDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';

interface StaffMember {
  readonly role?: StaffRole;
  /** One that nobody else has, unless said otherwise. */
  readonly email?: string;
}

/** Somebody of staff who exists, as their requests bring them. */
export async function staffMember(
  database: TestDatabase,
  name = 'Sam Support',
  { role = 'support', email }: StaffMember = {},
): Promise<StaffContext> {
  const userId = newId<UserId>();
  const address = email ?? `${userId}@support.example`;
  await database.owner.query('insert into users (id, email, name) values ($1, $2, $3)', [
    userId,
    address,
    name,
  ]);
  await database.owner.query('insert into staff (user_id, role) values ($1, $2)', [userId, role]);
  return { userId, role, name, email: address, requestId: `staff-${newId()}` };
}
