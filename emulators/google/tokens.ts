import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
} from 'node:crypto';
import type { Account, RefreshToken } from './state';
import type { Store } from './store';

/** Seconds; what Google says of its access tokens. */
export const accessTokenLifetime = 3_599;
const keyId = 'emulated-google';

function secret(prefix: string): string {
  return prefix + randomBytes(30).toString('base64url');
}

/** A new access token; those long expired are forgotten on the way. */
export function issueAccessToken(store: Store, grant: RefreshToken): string {
  const now = Date.now();
  for (const [token, { expiresAt }] of store.entries('accessTokens', '')) {
    if (expiresAt < now - 3_600_000) store.delete('accessTokens', '', token);
  }
  const token = secret('ya29.');
  const { email, clientId, scopes } = grant;
  const expiresAt = now + accessTokenLifetime * 1_000;
  store.put('accessTokens', '', token, { email, clientId, scopes, expiresAt });
  return token;
}

export function issueRefreshToken(store: Store, grant: RefreshToken): string {
  const token = secret('1//');
  store.put('refreshTokens', '', token, grant);
  return token;
}

/** Take back everything that a client may do for an account; without a client, for all of them. */
export function revokeGrant(store: Store, email: string, clientId?: string): void {
  for (const table of ['refreshTokens', 'accessTokens'] as const) {
    for (const [token, grant] of store.entries(table, '')) {
      if (grant.email === email && (clientId === undefined || grant.clientId === clientId)) {
        store.delete(table, '', token);
      }
    }
  }
}

/** Let an account's access tokens run out now; its refresh tokens go on. */
export function expireAccessTokens(store: Store, email: string): void {
  for (const [token, grant] of store.entries('accessTokens', '')) {
    if (grant.email === email) store.put('accessTokens', '', token, { ...grant, expiresAt: 0 });
  }
}

function signingKey(store: Store): string {
  const kept = store.get('keys', '', 'current');
  if (kept) return kept.pem;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  store.put('keys', '', 'current', { pem });
  return pem;
}

/** The public half, as RFC 7517 JWK set. */
export function publicKeys(store: Store) {
  const jwk = createPublicKey(signingKey(store)).export({ format: 'jwk' });
  return { keys: [{ ...jwk, kid: keyId, use: 'sig', alg: 'RS256' }] };
}

/** The claims about an account that its granted scopes open. */
export function identityClaims(account: Account, scopes: readonly string[]) {
  const granted = (name: string) => scopes.some((scope) => scope.endsWith(`/userinfo.${name}`));
  return {
    sub: account.sub,
    ...(granted('email') && { email: account.email, email_verified: true, hd: account.hd }),
    ...(granted('profile') && {
      name: account.name,
      given_name: account.givenName,
      family_name: account.familyName,
    }),
  };
}

/** An id token (OpenID Connect Core §2), signed RS256. */
export function idToken(
  store: Store,
  issuer: string,
  account: Account,
  grant: RefreshToken,
  nonce: string | null,
): string {
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: issuer,
    aud: grant.clientId,
    azp: grant.clientId,
    iat: now,
    exp: now + accessTokenLifetime,
    ...identityClaims(account, grant.scopes),
    ...(nonce && { nonce }),
  };
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const input = `${encode({ alg: 'RS256', kid: keyId, typ: 'JWT' })}.${encode(claims)}`;
  const key = createPrivateKey(signingKey(store));
  return `${input}.${sign('RSA-SHA256', Buffer.from(input), key).toString('base64url')}`;
}
