import { and, eq, type IdentityTransaction, isNull, sql, type UserId, withIdentity } from '@/db';
import { recoveryCodes, secondFactors, users } from '@/db/schema';
import { found, PublicError } from '@/lib/errors';
import type { ActFacts } from '@/lib/tenancy';
import { sealForPerson } from '@/lib/vault';
import { countTry, forgiveTries } from './attempts';
import type { Enrolment, FactorState } from './contract';
import { notRight, proveFactor } from './prove';
import { recordFactor } from './record';
import { replaceRecoveryCodes } from './recovery';
import { secretOf, storedFactor } from './stored';
import { enrolmentOf, newSecret, stepOf } from './totp';

/** What a change of the factor leaves: every other session of the person has ended with it. */
export interface FactorChange {
  readonly sessionVersion: number;
}

/**
 * Begin to set up a factor: a secret for the person's app, which counts once a code proved it. One
 * that was begun and not finished is replaced.
 * @throws PublicError `conflict` when there is a factor
 */
export async function beginEnrolment(userId: UserId): Promise<void> {
  await withIdentity(async (tx) => {
    const { sealed, keyEncryptionKeyId } = await sealForPerson(
      tx,
      userId,
      'second-factor',
      newSecret(),
    );
    const values = { sealedSecret: sealed, keyEncryptionKeyId, createdAt: new Date() };
    const made = await tx
      .insert(secondFactors)
      .values({ userId, ...values })
      .onConflictDoUpdate({
        target: secondFactors.userId,
        set: values,
        setWhere: isNull(secondFactors.confirmedAt),
      })
      .returning({ userId: secondFactors.userId });
    if (made.length === 1) return;
    throw new PublicError('conflict', 'There is a second factor already. Switch it off first.');
  });
}

/** What was begun and not finished; null when there is nothing of the kind. */
export async function openEnrolment(person: {
  readonly userId: UserId;
  readonly email: string;
}): Promise<Enrolment | null> {
  const factor = await withIdentity((tx) => storedFactor(tx, person.userId));
  if (!factor || factor.confirmedAt) return null;
  return enrolmentOf(await secretOf(factor), person.email);
}

/** End every session of the person: they proved nothing of what holds from now on. */
async function endSessions(tx: IdentityTransaction, userId: UserId): Promise<FactorChange> {
  const [row] = await tx
    .update(users)
    .set({ sessionVersion: sql`${users.sessionVersion} + 1` })
    .where(eq(users.id, userId))
    .returning({ sessionVersion: users.sessionVersion });
  return found(row);
}

/**
 * Finish setting up: a first code proves that the app has the secret. On record.
 * @returns recovery codes, for the one time that they are shown
 * @throws PublicError `forbidden`, `rate_limited`; `conflict` when nothing was begun
 */
export async function confirmEnrolment(
  userId: UserId,
  code: string,
  facts: ActFacts,
): Promise<FactorChange & { readonly recoveryCodes: readonly string[] }> {
  await countTry(userId);
  const factor = await withIdentity((tx) => storedFactor(tx, userId));
  if (!factor || factor.confirmedAt) {
    throw new PublicError('conflict', 'This was finished already. Load the page again.');
  }
  const step = stepOf(await secretOf(factor), code.replace(/[\s-]/g, ''));
  if (step === null) throw notRight();
  const change = await withIdentity(async (tx) => {
    const own = and(
      eq(secondFactors.userId, userId),
      eq(secondFactors.sealedSecret, factor.sealedSecret),
      isNull(secondFactors.confirmedAt),
    );
    const now = new Date();
    const done = await tx
      .update(secondFactors)
      .set({ confirmedAt: now, lastStep: step, lastUsedAt: now })
      .where(own)
      .returning({ userId: secondFactors.userId });
    if (done.length === 0) throw notRight();
    const made = await replaceRecoveryCodes(tx, userId);
    await recordFactor(tx, userId, 'factor.switched_on', facts);
    return { ...(await endSessions(tx, userId)), recoveryCodes: made };
  });
  await forgiveTries(userId);
  return change;
}

async function removeRows(tx: IdentityTransaction, userId: UserId): Promise<boolean> {
  await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  const gone = await tx
    .delete(secondFactors)
    .where(eq(secondFactors.userId, userId))
    .returning({ userId: secondFactors.userId });
  return gone.length > 0;
}

/**
 * Switch one's own factor off, with a code. On record.
 * @throws PublicError as `proveFactor`
 */
export async function removeFactor(
  userId: UserId,
  code: string,
  facts: ActFacts,
): Promise<FactorChange> {
  await proveFactor(userId, code, facts);
  return withIdentity(async (tx) => {
    await removeRows(tx, userId);
    await recordFactor(tx, userId, 'factor.switched_off', facts);
    return endSessions(tx, userId);
  });
}

/**
 * Take somebody's factor away who has lost it, recovery codes and sessions with it. On record.
 * @param by who does it, in words
 * @returns false when there was none
 */
export function resetFactor(
  tx: IdentityTransaction,
  userId: UserId,
  by: string,
  facts: ActFacts,
): Promise<boolean> {
  return tx.transaction(async (inner) => {
    if (!(await removeRows(inner, userId))) return false;
    await recordFactor(inner, userId, 'factor.reset', facts, { by });
    await endSessions(inner, userId);
    return true;
  });
}

/**
 * New recovery codes in place of those left, with a code. On record.
 * @returns them, for the one time that they are shown
 * @throws PublicError as `proveFactor`
 */
export async function renewRecoveryCodes(
  userId: UserId,
  code: string,
  facts: ActFacts,
): Promise<readonly string[]> {
  await proveFactor(userId, code, facts);
  return withIdentity(async (tx) => {
    const made = await replaceRecoveryCodes(tx, userId);
    await recordFactor(tx, userId, 'factor.recovery_renewed', facts);
    return made;
  });
}

/** How a person's factor stands; null when there is none. */
export async function factorState(userId: UserId): Promise<FactorState | null> {
  return withIdentity(async (tx) => {
    const factor = await storedFactor(tx, userId);
    if (!factor?.confirmedAt) return null;
    const left = await tx
      .select({ userId: recoveryCodes.userId })
      .from(recoveryCodes)
      .where(and(eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt)));
    return {
      since: factor.confirmedAt.toISOString(),
      lastUsedAt: factor.lastUsedAt?.toISOString() ?? null,
      recoveryCodesLeft: left.length,
    };
  });
}
