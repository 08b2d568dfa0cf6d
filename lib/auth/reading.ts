import { cookies } from 'next/headers';
import { sessionCookieName, supportCookieName } from './cookies';
import { openSupportClaim } from './support-claim';
import { awaitsFactor, openToken, type SessionClaims, type SessionToken } from './token';

/**
 * The whole token of the request being served, or null when nobody is signed in. Whoever reads it is
 * to ask whether it waits for a second factor.
 */
export async function readToken(): Promise<SessionToken | null> {
  return openToken((await cookies()).get(sessionCookieName())?.value);
}

/** The same, of a session that is its person's: null while a second factor is to be proved. */
export async function readOpenToken(): Promise<SessionToken | null> {
  const token = await readToken();
  return token && !awaitsFactor(token) ? token : null;
}

/**
 * Who the request says it is from, by a token that we sealed. What the person may do now is asked of
 * the database. Nobody while a second factor is to be proved.
 */
export async function readClaims(): Promise<SessionClaims | null> {
  const token = await readOpenToken();
  if (!token) return null;
  const { userId, tenantId, role, sessionVersion } = token;
  // Looking into a tenant takes what the console takes: a second factor that was proved.
  const support =
    token.secondFactorAt === undefined
      ? undefined
      : await openSupportClaim((await cookies()).get(supportCookieName())?.value, token);
  return { userId, tenantId, role, sessionVersion, ...(support ? { support } : {}) };
}
