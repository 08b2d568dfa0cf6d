import { and, eq, type UserId, withIdentity } from '@/db';
import { type StaffRole, secondFactors, staff, users } from '@/db/schema';
import { hashPassword } from './password';
import { requireUsablePassword } from './password-policy';
import { insertPerson, personByEmail } from './people';
import type { SessionClaims } from './token';

export interface StaffPerson {
  readonly userId: UserId;
  readonly role: StaffRole;
  readonly name: string;
  readonly email: string;
  /** Whether there is a second factor to prove; staff without one set it up first. */
  readonly hasFactor: boolean;
}

/**
 * The member of staff behind verified claims, as the database knows them now.
 * @returns null for everybody else, and when the session has been ended
 */
export async function staffRoleOf(claims: SessionClaims): Promise<StaffPerson | null> {
  const [row] = await withIdentity((tx) =>
    tx
      .select({
        userId: staff.userId,
        role: staff.role,
        name: users.name,
        email: users.email,
        factorSince: secondFactors.confirmedAt,
      })
      .from(staff)
      .innerJoin(users, eq(users.id, staff.userId))
      .leftJoin(secondFactors, eq(secondFactors.userId, staff.userId))
      .where(and(eq(staff.userId, claims.userId), eq(users.sessionVersion, claims.sessionVersion)))
      .limit(1),
  );
  if (!row) return null;
  const { factorSince, ...person } = row;
  return { ...person, hasFactor: factorSince !== null };
}

/**
 * Make a person a member of staff; for the operator's command line. Repeating it changes nothing.
 * @returns their id
 * @throws Error when nobody has this address, or they are staff in another role already
 */
export async function makeStaff(email: string, role: StaffRole): Promise<UserId> {
  return withIdentity(async (tx) => {
    const person = await personByEmail(tx, email.trim().toLowerCase());
    if (!person) throw new Error(`Nobody has the address ${email}; sign them up first.`);
    await tx.insert(staff).values({ userId: person.userId, role }).onConflictDoNothing();
    const [row] = await tx.select().from(staff).where(eq(staff.userId, person.userId));
    if (row?.role !== role) throw new Error(`${email} is staff already, as ${row?.role}.`);
    return person.userId;
  });
}

/**
 * Make a new person who is staff and belongs to no organisation; for the operator's command line. A
 * person who is there already keeps their name and password.
 * @returns their id
 * @throws PublicError `invalid_input` for a guessable password; Error as `makeStaff`
 */
export async function addStaff(
  person: { readonly email: string; readonly name: string; readonly password: string },
  role: StaffRole,
): Promise<UserId> {
  const { email, name, password } = person;
  requireUsablePassword(password, [email, name]);
  const passwordHash = await hashPassword(password);
  await withIdentity((tx) => insertPerson(tx, { email, name, passwordHash }));
  return makeStaff(email, role);
}
