import { type UserId, withIdentity } from '@/db';
import { PublicError } from '@/lib/errors';
import { logger } from '@/lib/observability';
import type { ActFacts } from '@/lib/tenancy';
import { countAttempt, forgiveAttempt } from './limits';
import { verifyPassword } from './password';
import { personByEmail } from './people';

/**
 * Whose address and password these are. An unknown address, a wrong password and an account without
 * one are answered alike, after the same work.
 * @throws PublicError `unauthenticated`, `rate_limited`
 */
export async function authenticate(
  { email, password }: { readonly email: string; readonly password: string },
  facts: ActFacts,
): Promise<UserId> {
  await countAttempt(email, facts.ipAddress);
  const person = await withIdentity((tx) => personByEmail(tx, email));
  if (!(await verifyPassword(person?.passwordHash, password)) || !person) {
    logger.info(
      { user_id: person?.userId, ip: facts.ipAddress, request_id: facts.requestId },
      'Sign-in refused: wrong address or password',
    );
    throw new PublicError('unauthenticated', 'The address or the password is not right.');
  }
  await forgiveAttempt(email, facts.ipAddress);
  return person.userId;
}
