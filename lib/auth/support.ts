import { cookies } from 'next/headers';
import { PublicError } from '@/lib/errors';
import { cookieOptions, supportCookieName } from './cookies';
import { readClaims, readToken } from './reading';
import { sealSupportClaim } from './support-claim';
import type { SupportClaim } from './token';

/** Minutes after which a browser forgets it; the session itself ends sooner, by its row. */
const forgottenAfter = 60;

/**
 * Put this browser into a support session. For server actions.
 * @throws PublicError `unauthenticated`
 */
export async function enterSupport(claim: SupportClaim): Promise<void> {
  const token = await readToken();
  if (!token) throw new PublicError('unauthenticated', 'Sign in to go on.');
  const maxAge = forgottenAfter * 60;
  (await cookies()).set(supportCookieName(), await sealSupportClaim(token, claim, maxAge), {
    ...cookieOptions(),
    maxAge,
  });
}

/** The support session that this browser is in, or was until lately: whether it holds is not asked. */
export async function claimedSupport(): Promise<SupportClaim | null> {
  return (await readClaims())?.support ?? null;
}

/** Take this browser out of its support session. For server actions. */
export async function leaveSupport(): Promise<void> {
  (await cookies()).delete({ name: supportCookieName(), ...cookieOptions() });
}
