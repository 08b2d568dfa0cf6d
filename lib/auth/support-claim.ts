import { decode, encode } from 'next-auth/jwt';
import { z } from 'zod';
import type { SupportSessionId, TenantId, UserId } from '@/db';
import { supportCookieName } from './cookies';
import { authSecret, type SessionClaims, type SupportClaim } from './token';

const shape = z.object({
  sessionId: z.uuid().transform((id) => id as string as SupportSessionId),
  tenantId: z.uuid().transform((id) => id as string as TenantId),
  userId: z.uuid().transform((id) => id as string as UserId),
  sessionVersion: z.int(),
});

type Person = Pick<SessionClaims, 'userId' | 'sessionVersion'>;

/** The text of a support session's cookie. @param maxAge seconds that it can be opened for */
export function sealSupportClaim(
  { userId, sessionVersion }: Person,
  claim: SupportClaim,
  maxAge: number,
): Promise<string> {
  return encode({
    token: { ...claim, userId, sessionVersion },
    secret: authSecret(),
    salt: supportCookieName(),
    maxAge,
  });
}

/**
 * Open the cookie of a support session.
 * @returns undefined unless we sealed it, for this cookie, for the very person of the session beside it
 */
export async function openSupportClaim(
  cookie: string | undefined,
  person: Person,
): Promise<SupportClaim | undefined> {
  if (!cookie) return undefined;
  try {
    const payload = await decode({
      token: cookie,
      secret: authSecret(),
      salt: supportCookieName(),
    });
    const { sessionId, tenantId, userId, sessionVersion } = shape.parse(payload);
    const theirs = userId === person.userId && sessionVersion === person.sessionVersion;
    return theirs ? { sessionId, tenantId } : undefined;
  } catch {
    return undefined;
  }
}
