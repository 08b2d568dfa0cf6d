import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  randomUUID,
  sign,
} from 'node:crypto';
import type { AccessToken, AuthorizationCode, Store, User } from './state';

/** Seconds. Microsoft's own lie between 60 and 90 minutes. */
export const accessTokenLifetime = 3_599;
/** Milliseconds: a refresh token not used for 90 days is gone. */
export const refreshTokenLifetime = 90 * 86_400_000;
const keyId = 'emulated-microsoft';

const digest = (token: string) => createHash('sha256').update(token).digest('base64url');

let known: { readonly pem: string; readonly key: ReturnType<typeof createPrivateKey> } | undefined;

function signingKey(store: Store) {
  const kept = store.get('keys', '', 'current');
  const pem = kept?.pem ?? newKey(store);
  if (known?.pem !== pem) known = { pem, key: createPrivateKey(pem) };
  return known.key;
}

function newKey(store: Store): string {
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

function jwt(store: Store, claims: object): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const input = `${encode({ typ: 'JWT', alg: 'RS256', kid: keyId })}.${encode(claims)}`;
  const signature = sign('RSA-SHA256', Buffer.from(input), signingKey(store));
  return `${input}.${signature.toString('base64url')}`;
}

function forgetExpired(store: Store, now: number): void {
  for (const [token, { expiresAt }] of store.entries('accessTokens', '')) {
    if (expiresAt < now - 3_600_000) store.delete('accessTokens', '', token);
  }
}

/**
 * A new access token for Graph: of a person (`scp`), or of the app itself (`roles`).
 * Source: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export function issueAccessToken(store: Store, token: Omit<AccessToken, 'expiresAt'>): string {
  const now = Date.now();
  forgetExpired(store, now);
  const { tid, oid, clientId, permissions } = token;
  const user = oid === null ? undefined : store.person(tid, oid);
  const principal = store.get('servicePrincipals', tid, clientId);
  const at = Math.floor(now / 1_000);
  const value = jwt(store, {
    aud: 'https://graph.microsoft.com',
    iss: `https://sts.windows.net/${tid}/`,
    iat: at,
    nbf: at,
    exp: at + accessTokenLifetime,
    app_displayname: store.get('clients', '', clientId)?.name,
    appid: clientId,
    idtyp: user ? 'user' : 'app',
    oid: user?.oid ?? principal?.oid,
    sub: user?.oid ?? principal?.oid,
    tid,
    ...(user && { scp: permissions.join(' '), upn: user.upn }),
    // An app that was given nothing has no such claim at all.
    ...(!user && permissions.length > 0 && { roles: permissions }),
    uti: randomUUID(),
    ver: '1.0',
    wids: user ? user.roles : [],
  });
  const expiresAt = now + accessTokenLifetime * 1_000;
  store.put('accessTokens', '', digest(value), { ...token, expiresAt });
  return value;
}

/** The token as it was issued, or undefined when nobody issued it or it was taken back. */
export function issuedToken(store: Store, token: string): AccessToken | undefined {
  return store.get('accessTokens', '', digest(token));
}

/** Refresh tokens are kept by their digest: each is a key to somebody's mail. */
export function issueRefreshToken(
  store: Store,
  grant: Pick<AuthorizationCode, 'tid' | 'oid' | 'clientId' | 'scopes'>,
): string {
  const token = `1.${randomBytes(48).toString('base64url')}`;
  const { tid, oid, clientId, scopes } = grant;
  store.put('refreshTokens', '', digest(token), {
    ...{ tid, oid, clientId, scopes },
    issuedAt: Date.now(),
  });
  return token;
}

export const refreshTokenRow = (store: Store, token: string) =>
  store.get('refreshTokens', '', digest(token));

/** An id token (v2.0), signed RS256. Source: https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference */
export function idToken(
  store: Store,
  baseUrl: string,
  user: User,
  grant: Pick<AuthorizationCode, 'tid' | 'clientId' | 'scopes' | 'nonce'>,
): string {
  const now = Math.floor(Date.now() / 1_000);
  const { tid, clientId, scopes, nonce } = grant;
  return jwt(store, {
    aud: clientId,
    iss: `${baseUrl}/${tid}/v2.0`,
    iat: now,
    nbf: now,
    exp: now + accessTokenLifetime,
    ...(scopes.includes('profile') && {
      name: user.displayName,
      preferred_username: user.upn,
      oid: user.oid,
    }),
    ...(scopes.includes('email') && { email: user.upn }),
    ...(nonce && { nonce }),
    // Pairwise: another app sees another one for the same person.
    sub: createHash('sha256').update(`${clientId} ${user.oid}`).digest('base64url'),
    tid,
    ver: '2.0',
  });
}
