import { cookies } from 'next/headers';
import type { TenantId } from '@/db';
import { PublicError } from '@/lib/errors';
import { requireEntry } from '@/lib/tenancy';
import type { IdentityProvider } from './contract';
import { cookieOptions, organisationCookieAge, organisationCookieName } from './cookies';
import { signIn, signOut, unstable_update } from './next-auth';
import { type Person, personOfSession } from './people';
import { readOpenToken, readToken } from './reading';
import { SignInRefused } from './refusal';
import { leaveSupport } from './support';
import { awaitsFactor } from './token';

/** Somebody who is signed in, whether or not they are in an organisation. */
export interface SignedInPerson extends Person {
  readonly tenantId: TenantId | null;
}

/** The person of the request's session, as the database knows them; null when it is over. */
export async function currentPerson(): Promise<SignedInPerson | null> {
  const token = await readOpenToken();
  const person = token && (await personOfSession(token.userId, token.sessionVersion));
  return person && { ...person, tenantId: token.tenantId };
}

/** Whether somebody has given their password, and a code of their second factor is still to come. */
export async function awaitsSecondFactor(): Promise<boolean> {
  const token = await readToken();
  return (
    token !== null &&
    awaitsFactor(token) &&
    (await personOfSession(token.userId, token.sessionVersion)) !== null
  );
}

/**
 * The same, for what only somebody who is signed in can do.
 * @throws PublicError `unauthenticated`
 */
export async function requirePerson(): Promise<SignedInPerson> {
  const person = await currentPerson();
  if (!person) throw new PublicError('unauthenticated', 'Sign in to go on.');
  return person;
}

/**
 * Sign in with a password and set the session's cookie. For server actions.
 * @throws PublicError `unauthenticated`, `rate_limited`
 */
export async function startPasswordSession(given: {
  readonly email: string;
  readonly password: string;
}): Promise<void> {
  try {
    await signIn('credentials', { ...given, redirect: false, redirectTo: '/' });
  } catch (error) {
    if (error instanceof SignInRefused) throw error.reason;
    throw error;
  }
}

/**
 * Begin signing in with an identity provider. For server actions.
 * @param returnTo a path of ours
 * @returns the provider's address to send the browser to
 */
export function startProviderSession(
  provider: IdentityProvider,
  returnTo: string,
): Promise<string> {
  return signIn(provider, { redirect: false, redirectTo: returnTo });
}

/**
 * Put the session into another organisation of the person's. For server actions.
 * @throws PublicError `unauthenticated`; `not_found` when it is not theirs, or not active
 */
export async function switchTenant(tenantId: TenantId): Promise<void> {
  const token = await readOpenToken();
  if (!token) throw new PublicError('unauthenticated', 'Sign in to go on.');
  await requireEntry(tenantId, token);
  await unstable_update({ tenantId } as never);
  (await cookies()).set(organisationCookieName(), tenantId, {
    ...cookieOptions(),
    maxAge: organisationCookieAge,
  });
}

/** End the session of this browser, on record. For server actions. */
export async function endSession(): Promise<void> {
  await leaveSupport();
  await signOut({ redirect: false, redirectTo: '/' });
}
