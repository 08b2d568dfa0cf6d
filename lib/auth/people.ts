import { and, eq, type IdentityTransaction, newId, type UserId, withIdentity } from '@/db';
import { users } from '@/db/schema';

export interface Person {
  readonly userId: UserId;
  readonly email: string;
  readonly name: string;
  readonly sessionVersion: number;
}

const columns = {
  userId: users.id,
  email: users.email,
  name: users.name,
  sessionVersion: users.sessionVersion,
};

/** @param email as kept: lower case */
export async function personByEmail(
  tx: IdentityTransaction,
  email: string,
): Promise<(Person & { readonly passwordHash: string | null }) | null> {
  const [row] = await tx
    .select({ ...columns, passwordHash: users.passwordHash })
    .from(users)
    .where(eq(users.email, email))
    .limit(1);
  return row ?? null;
}

/**
 * The person of a session, if it has not been ended.
 * @param sessionVersion the one in the token
 */
export async function personOfSession(
  userId: UserId,
  sessionVersion: number,
): Promise<Person | null> {
  const [row] = await withIdentity((tx) =>
    tx
      .select(columns)
      .from(users)
      .where(and(eq(users.id, userId), eq(users.sessionVersion, sessionVersion)))
      .limit(1),
  );
  return row ?? null;
}

/** @returns the new person's id, or null when the address is taken, be it a moment ago */
export async function insertPerson(
  tx: IdentityTransaction,
  person: { readonly email: string; readonly name: string; readonly passwordHash: string | null },
): Promise<UserId | null> {
  const [row] = await tx
    .insert(users)
    .values({ id: newId<UserId>(), ...person })
    .onConflictDoNothing({ target: users.email })
    .returning({ id: users.id });
  return row?.id ?? null;
}
