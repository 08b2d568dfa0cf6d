import { env } from '@/lib/env';

const secure = () => env.APP_URL.startsWith('https:');

/** `__Host-` keeps a cookie to this host and to https (RFC 6265bis, 4.1.3.2). */
const named = (name: string) => `${secure() ? '__Host-' : ''}tenantry.${name}`;

/** Holds the session's token. */
export const sessionCookieName = () => named('session');

/** Holds the support session that staff are in, beside their own session. */
export const supportCookieName = () => named('support');

/** Remembers the organisation last worked in: a hint, checked like any other. */
export const organisationCookieName = () => named('organisation');

/** Not readable by scripts; sent along when people follow a link to us, not when others post to us. */
export const cookieOptions = () => ({
  httpOnly: true,
  sameSite: 'lax' as const,
  path: '/',
  secure: secure(),
});

/** One year, in seconds. */
export const organisationCookieAge = 365 * 24 * 60 * 60;

/** Every cookie that signing in needs, under our names. */
export function authCookies() {
  const cookie = (name: string) => ({ name: named(name), options: cookieOptions() });
  return {
    sessionToken: { name: sessionCookieName(), options: cookieOptions() },
    callbackUrl: cookie('callback-url'),
    csrfToken: cookie('csrf'),
    pkceCodeVerifier: cookie('pkce'),
    state: cookie('state'),
    nonce: cookie('nonce'),
  };
}
