import type { UserId } from '@/db';
import { attemptLimiter, waitOf } from '@/lib/attempts';
import { PublicError } from '@/lib/errors';

/**
 * Counted before the code is looked at. With three codes of a million taken at a time, ten tries a
 * quarter of an hour find one in some 300 years.
 */
const limit = { keyPrefix: 'second-factor', points: 10, duration: 15 * 60 } as const;
let limiter: ReturnType<typeof attemptLimiter> | undefined;

/** @throws PublicError `rate_limited` */
export async function countTry(userId: UserId): Promise<void> {
  limiter ??= attemptLimiter(limit);
  try {
    await limiter.consume(userId);
  } catch (refusal) {
    const wait = waitOf(refusal);
    if (wait === undefined) throw refusal;
    const minutes = Math.ceil(wait / 60_000);
    const time = minutes <= 1 ? 'a minute' : `${minutes} minutes`;
    throw new PublicError('rate_limited', `Too many codes were tried. Try again in ${time}.`, {
      retryAfterSeconds: wait / 1_000,
    });
  }
}

/** A right code: the person starts afresh. */
export async function forgiveTries(userId: UserId): Promise<void> {
  limiter ??= attemptLimiter(limit);
  await limiter.delete(userId);
}
