import { cookies } from 'next/headers';
import { sessionCookieName } from './cookies';
import { openToken, type SessionClaims, type SessionToken } from './token';

/** The whole token of the request being served, or null when nobody is signed in. */
export async function readToken(): Promise<SessionToken | null> {
  return openToken((await cookies()).get(sessionCookieName())?.value);
}

/**
 * Who the request says it is from, by a token that we sealed. What the person may do now is asked of
 * the database.
 */
export async function readClaims(): Promise<SessionClaims | null> {
  const token = await readToken();
  if (!token) return null;
  const { userId, tenantId, role, sessionVersion } = token;
  return { userId, tenantId, role, sessionVersion };
}
