import { eq, type IdentityTransaction, sql, type UserId, withIdentity } from '@/db';
import { type StaffRole, staff, users } from '@/db/schema';
import { PublicError } from '@/lib/errors';
import { resetFactor, tellFactor } from '@/lib/second-factor';
import type { ActFacts } from '@/lib/tenancy';
import { personByEmail } from './people';

/** A person, and what they are among the staff, if anything. */
export interface StaffCandidate {
  readonly userId: UserId;
  readonly name: string;
  readonly email: string;
  readonly role: StaffRole | null;
}

/** Somebody by their address, staff or not; null when nobody has it. */
export async function staffCandidate(email: string): Promise<StaffCandidate | null> {
  return withIdentity(async (tx) => {
    const person = await personByEmail(tx, email.trim().toLowerCase());
    if (!person) return null;
    const [row] = await tx.select().from(staff).where(eq(staff.userId, person.userId));
    const { userId, name } = person;
    return { userId, name, email: person.email, role: row?.role ?? null };
  });
}

/** A change to who is staff, once two persons want it. */
export type StaffWish =
  | { readonly change: 'add'; readonly userId: UserId; readonly role: StaffRole }
  | { readonly change: 'role'; readonly userId: UserId; readonly role: StaffRole }
  | { readonly change: 'remove'; readonly userId: UserId }
  | { readonly change: 'reset-factor'; readonly userId: UserId };

const conflict = (message: string) => new PublicError('conflict', message);

/** Without a platform admin nobody could make another, but by the command line. */
async function keepAdmin(tx: IdentityTransaction, userId: UserId): Promise<void> {
  const admins = await tx
    .select({ userId: staff.userId })
    .from(staff)
    .where(eq(staff.role, 'platform_admin'))
    .for('update');
  if (admins.some((admin) => admin.userId !== userId)) return;
  throw conflict('They are the last platform admin: make another one first.');
}

async function endSessions(tx: IdentityTransaction, userId: UserId): Promise<void> {
  await tx
    .update(users)
    .set({ sessionVersion: sql`${users.sessionVersion} + 1` })
    .where(eq(users.id, userId));
}

/**
 * Carry a change out. Repeated, it finds that it was done and says so.
 * @param by who wanted it, in words, for the person's own record
 * @returns what came of it, in words
 * @throws PublicError `conflict` when things stand otherwise by now
 */
export async function changeStaff(wish: StaffWish, by: string, facts: ActFacts): Promise<string> {
  const done = await change(wish, by, facts);
  if (wish.change === 'reset-factor') await tellFactor(wish.userId, 'reset');
  return done;
}

function change(wish: StaffWish, by: string, facts: ActFacts): Promise<string> {
  const { userId } = wish;
  return withIdentity(async (tx) => {
    switch (wish.change) {
      case 'add': {
        const made = await tx
          .insert(staff)
          .values({ userId, role: wish.role })
          .onConflictDoNothing()
          .returning();
        if (made.length === 0) throw conflict('They are staff already.');
        return 'They are staff. The console opens when they sign in the next time.';
      }
      case 'role': {
        if (wish.role !== 'platform_admin') await keepAdmin(tx, userId);
        const changed = await tx
          .update(staff)
          .set({ role: wish.role })
          .where(eq(staff.userId, userId))
          .returning();
        if (changed.length === 0) throw conflict('They are no staff any more.');
        return 'Their role is changed, from their next click on.';
      }
      case 'remove': {
        await keepAdmin(tx, userId);
        const gone = await tx.delete(staff).where(eq(staff.userId, userId)).returning();
        if (gone.length === 0) throw conflict('They are no staff any more.');
        await endSessions(tx, userId);
        return 'They are no staff any more, and every session of theirs has ended.';
      }
      case 'reset-factor': {
        if (!(await resetFactor(tx, userId, by, facts))) {
          throw conflict('They have no second factor that could be taken away.');
        }
        return 'It is gone. They set up another when they sign in the next time.';
      }
    }
  });
}

/**
 * Take the factor of somebody away who has lost it, staff or not, and tell them by mail; for the
 * operator's command line. An organisation's owners cannot: it opens the person's other
 * organisations too.
 * @throws Error when nobody has this address, or there is no factor
 */
export async function resetFactorOf(email: string, facts: ActFacts): Promise<void> {
  const person = await staffCandidate(email);
  if (!person) throw new Error(`Nobody has the address ${email}.`);
  const { userId } = person;
  const reset = await withIdentity((tx) => resetFactor(tx, userId, 'the operator', facts));
  if (!reset) throw new Error(`${email} has no second factor.`);
  await tellFactor(userId, 'reset');
}
