import { createHash, randomInt } from 'node:crypto';
import { and, eq, type IdentityTransaction, isNull, type UserId } from '@/db';
import { recoveryCodes } from '@/db/schema';

const codes = 10;
/** Without letters and digits that are taken for one another. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
/** Six groups of four: 118 bits, so that a plain hash will do (NIST SP 800-63B-4, 3.1.2.2: 112). */
const groups = 6;

const group = () => Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join('');
const newCode = () => Array.from({ length: groups }, group).join('-');

/** However it was typed: dashes, blanks and capitals make no difference. */
const digestOf = (code: string): string =>
  createHash('sha256')
    .update(code.toLowerCase().replace(/[^a-z0-9]/g, ''))
    .digest('base64url');

/** Make new ones in place of all there were. @returns them, for the one time that they are shown */
export async function replaceRecoveryCodes(
  tx: IdentityTransaction,
  userId: UserId,
): Promise<readonly string[]> {
  const made = Array.from({ length: codes }, newCode);
  await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  await tx.insert(recoveryCodes).values(made.map((code) => ({ userId, digest: digestOf(code) })));
  return made;
}

/** Use one up. @returns whether it was one that had not been used */
export async function takeRecoveryCode(
  tx: IdentityTransaction,
  userId: UserId,
  code: string,
): Promise<boolean> {
  const used = await tx
    .update(recoveryCodes)
    .set({ usedAt: new Date() })
    .where(
      and(
        eq(recoveryCodes.userId, userId),
        eq(recoveryCodes.digest, digestOf(code)),
        isNull(recoveryCodes.usedAt),
      ),
    )
    .returning({ userId: recoveryCodes.userId });
  return used.length === 1;
}
