import { sessionCookieName } from './cookies';
import { openToken, type SessionClaims } from './token';

const staffPlace = /^\/(?:api\/)?admin(?=\/|$)/;

/** Stands where no page is, and is as long as the name it takes the place of. */
const nowhere = 'never';

interface Asking {
  readonly nextUrl: { readonly pathname: string };
  readonly cookies: { get(name: string): { readonly value: string } | undefined };
}

export interface HiddenPlace {
  /** An address that does not exist, so that the answer is that of any such address. */
  readonly instead: string;
  /** Who asks, by their session; null for somebody without one. */
  readonly claims: SessionClaims | null;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/**
 * Where a request for the support console is to be answered from instead. This only hides; who is
 * staff is asked of the database by each page and route behind it.
 * @returns null for every other request, and when the session says that it is of staff
 */
export async function hiddenStaffPlace({ nextUrl, cookies }: Asking): Promise<HiddenPlace | null> {
  const path = decoded(nextUrl.pathname);
  if (!staffPlace.test(path)) return null;
  const token = await openToken(cookies.get(sessionCookieName())?.value);
  if (token?.staff) return null;
  return { instead: path.replace('admin', nowhere), claims: token };
}
