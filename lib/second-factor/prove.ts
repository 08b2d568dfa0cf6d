import { and, eq, isNotNull, lt, type UserId, withIdentity } from '@/db';
import { secondFactors } from '@/db/schema';
import { PublicError } from '@/lib/errors';
import { logger } from '@/lib/observability';
import type { ActFacts } from '@/lib/tenancy';
import { countTry, forgiveTries } from './attempts';
import { recordFactor } from './record';
import { takeRecoveryCode } from './recovery';
import { type StoredFactor, secretOf, storedFactor } from './stored';
import { stepOf } from './totp';

const sixDigits = /^\d{6}$/;

export function notRight(): PublicError {
  const message = 'That code is not right, or it was used already. Wait for the next one.';
  return new PublicError('forbidden', message, { fields: { code: message } });
}

/** Use up a code of the app's. Of two at once with the same code, one finds its step taken. */
async function takeAppCode(factor: StoredFactor, code: string): Promise<boolean> {
  const step = stepOf(await secretOf(factor), code);
  if (step === null) return false;
  return withIdentity(async (tx) => {
    const used = await tx
      .update(secondFactors)
      .set({ lastStep: step, lastUsedAt: new Date() })
      .where(
        and(
          eq(secondFactors.userId, factor.userId),
          // The very secret that the code was compared with.
          eq(secondFactors.sealedSecret, factor.sealedSecret),
          isNotNull(secondFactors.confirmedAt),
          lt(secondFactors.lastStep, step),
        ),
      )
      .returning({ userId: secondFactors.userId });
    return used.length === 1;
  });
}

function takeRecovery(userId: UserId, code: string, facts: ActFacts): Promise<boolean> {
  return withIdentity(async (tx) => {
    if (!(await takeRecoveryCode(tx, userId, code))) return false;
    await recordFactor(tx, userId, 'factor.recovery_used', facts);
    return true;
  });
}

/**
 * Whether a person is to be asked for a code.
 */
export async function hasFactor(userId: UserId): Promise<boolean> {
  const factor = await withIdentity((tx) => storedFactor(tx, userId));
  return factor?.confirmedAt instanceof Date;
}

/**
 * Have a person prove their second factor now: a code of their app (RFC 6238, the step before and
 * after taken too) or a recovery code. Each is taken once.
 * @param facts of the request, for the record
 * @throws PublicError `forbidden` for a code that is not right or was used, `rate_limited` after ten
 *   in a quarter of an hour, `second_factor_required` for somebody who has none yet
 */
export async function proveFactor(userId: UserId, code: string, facts: ActFacts): Promise<void> {
  await countTry(userId);
  const factor = await withIdentity((tx) => storedFactor(tx, userId));
  if (!factor?.confirmedAt) {
    throw new PublicError(
      'second_factor_required',
      'Set up a second factor in your account first: this needs a code.',
    );
  }
  const digits = code.replace(/[\s-]/g, '');
  const right = sixDigits.test(digits)
    ? await takeAppCode(factor, digits)
    : await takeRecovery(userId, code, facts);
  if (!right) {
    logger.info(
      { user_id: userId, ip: facts.ipAddress, request_id: facts.requestId },
      'A second factor was refused',
    );
    throw notRight();
  }
  await forgiveTries(userId);
}
