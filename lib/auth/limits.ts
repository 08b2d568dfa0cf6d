import { createHash } from 'node:crypto';
import { type AttemptLimit, attemptLimiter, networkOf, waitOf } from '@/lib/attempts';
import { PublicError } from '@/lib/errors';

/**
 * Attempts are counted before the password is looked at, in one statement each, so that any number
 * sent at once cannot get past the limit. OWASP Authentication Cheat Sheet, "Login Throttling".
 */
const limits = {
  account: { keyPrefix: 'sign-in-account', points: 10, duration: 15 * 60 },
  /** Many people may share an address; of IPv6 a network is counted. */
  address: { keyPrefix: 'sign-in-address', points: 60, duration: 15 * 60 },
  signUp: { keyPrefix: 'sign-up-address', points: 100, duration: 60 * 60 },
  /** Looks at links that were handed to somebody; a look is a page, and each is reloaded. */
  link: { keyPrefix: 'link-address', points: 120, duration: 15 * 60 },
} as const satisfies Record<string, AttemptLimit>;
type LimitName = keyof typeof limits;

const limiters = new Map<LimitName, ReturnType<typeof attemptLimiter>>();

function limiter(name: LimitName): ReturnType<typeof attemptLimiter> {
  const existing = limiters.get(name);
  if (existing) return existing;
  const made = attemptLimiter(limits[name]);
  limiters.set(name, made);
  return made;
}

/** Of any length and any characters in, a short key out; the address itself is not kept. */
const accountKey = (email: string) => createHash('sha256').update(email).digest('base64url');

function inWords(milliseconds: number): string {
  const minutes = Math.ceil(milliseconds / 60_000);
  if (minutes <= 1) return 'a minute';
  return minutes >= 60 ? 'an hour' : `${minutes} minutes`;
}

async function take(name: LimitName, key: string, what: string): Promise<void> {
  try {
    await limiter(name).consume(key);
  } catch (refusal) {
    const wait = waitOf(refusal);
    if (wait === undefined) throw refusal;
    throw new PublicError('rate_limited', `${what} Try again in ${inWords(wait)}.`, {
      retryAfterSeconds: wait / 1_000,
    });
  }
}

async function takeFrom(name: LimitName, ipAddress: string | undefined, what: string) {
  if (ipAddress) await take(name, networkOf(ipAddress), what);
}

/**
 * Count an attempt to sign in.
 * @throws PublicError `rate_limited` with the time to wait; the same for accounts that do not exist
 */
export async function countAttempt(email: string, ipAddress: string | undefined): Promise<void> {
  await takeFrom('address', ipAddress, 'Too many attempts to sign in from your network.');
  await take('account', accountKey(email), 'Too many attempts to sign in with this address.');
}

/** The attempt succeeded: the account starts afresh, and the network gets its one attempt back. */
export async function forgiveAttempt(email: string, ipAddress: string | undefined): Promise<void> {
  await limiter('account').delete(accountKey(email));
  if (ipAddress) await limiter('address').reward(networkOf(ipAddress), 1);
}

/**
 * Count a new account.
 * @throws PublicError `rate_limited`
 */
export async function countSignUp(ipAddress: string | undefined): Promise<void> {
  await takeFrom('signUp', ipAddress, 'Too many new accounts from your network.');
}

/**
 * Count a look at, or the use of, a link that lets somebody in without an account.
 * @throws PublicError `rate_limited`
 */
export async function countLink(ipAddress: string | undefined): Promise<void> {
  await takeFrom('link', ipAddress, 'Too many links were opened from your network.');
}
