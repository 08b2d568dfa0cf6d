import { createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';
import { Refused } from './errors';
import { requestedScopes } from './scopes';
import type { ServiceAccount } from './state';
import type { Store } from './store';
import { accessTokenLifetime, issueAccessToken } from './tokens';

/** RFC 7523 §2.1. */
export const assertionGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** Seconds: the longest an assertion may last, and by how much clocks may differ. */
const longestLife = 3_600;
const leeway = 300;

const claimsSchema = z.object({
  iss: z.string(),
  aud: z.string(),
  iat: z.number(),
  exp: z.number(),
  scope: z.string().default(''),
  sub: z.string().optional(),
});

function refuse(status: number, error: string, description: string): Refused {
  return new Refused(status, { error, error_description: description });
}

const invalidGrant = (description: string) => refuse(400, 'invalid_grant', description);

function part(text: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(text ?? '', 'base64url').toString());
  } catch {
    throw invalidGrant('Invalid JWT: Failed to parse.');
  }
}

function signed({ key }: ServiceAccount, assertion: string): boolean {
  if (!key) return false;
  const [header = '', claims = '', signature = ''] = assertion.split('.');
  const input = Buffer.from(`${header}.${claims}`);
  const publicKey = createPublicKey(key.pem);
  return verify('RSA-SHA256', input, publicKey, Buffer.from(signature, 'base64url'));
}

/** Who signed, and for whom: everything that Google checks before it looks at the delegation. */
function readAssertion(store: Store, issuer: string, assertion: string) {
  const [header, body] = assertion.split('.');
  const { alg } = z.object({ alg: z.string() }).catch({ alg: '' }).parse(part(header));
  if (alg !== 'RS256') throw invalidGrant('Invalid JWT: Unsupported algorithm.');
  const parsed = claimsSchema.safeParse(part(body));
  if (!parsed.success) throw invalidGrant('Invalid JWT: Required claims are missing.');
  const claims = parsed.data;
  const account = store.get('serviceAccounts', '', claims.iss);
  if (!account || account.state === 'deleted') {
    throw invalidGrant('Invalid grant: account not found');
  }
  if (!signed(account, assertion)) throw invalidGrant('Invalid JWT Signature.');
  if (![`${issuer}/token`, 'https://oauth2.googleapis.com/token'].includes(claims.aud)) {
    throw invalidGrant('Invalid JWT: Failed audience check.');
  }
  const now = Date.now() / 1_000;
  const { iat, exp } = claims;
  if (exp - iat > longestLife || iat > now + leeway || exp < now - leeway) {
    throw invalidGrant(
      'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. ' +
        'Check your iat and exp values in the JWT claim.',
    );
  }
  if (account.state === 'disabled') {
    throw refuse(401, 'disabled_client', 'The OAuth client was disabled.');
  }
  return { account, claims };
}

/**
 * A token that speaks for one person, for a service account that their administrator lets do so.
 * Source: https://developers.google.com/identity/protocols/oauth2/service-account
 */
export function assertionAnswer(store: Store, issuer: string, form: URLSearchParams) {
  const { account, claims } = readAssertion(store, issuer, form.get('assertion') ?? '');
  const scopes = requestedScopes(claims.scope);
  if (scopes.length === 0) {
    throw refuse(400, 'invalid_scope', 'Empty or missing scope not allowed.');
  }
  const email = claims.sub?.toLowerCase() ?? '';
  const person = store.get('accounts', '', email);
  if (!person || person.suspended) throw invalidGrant('Invalid email or User ID');
  const delegation = store
    .get('organizations', '', person.hd)
    ?.delegations.find(({ clientId }) => clientId === account.clientId);
  if (!delegation || !scopes.every((scope) => delegation.scopes.includes(scope))) {
    throw refuse(
      401,
      'unauthorized_client',
      'Client is unauthorized to retrieve access tokens using this method, or client not ' +
        'authorized for any of the scopes requested.',
    );
  }
  return {
    access_token: issueAccessToken(store, { email, clientId: account.clientId, scopes }),
    expires_in: accessTokenLifetime,
    token_type: 'Bearer',
  };
}

/** For whom an assertion asks, without checking it: for the request log and for faults. */
export function assertedSubject(form: URLSearchParams): string | null {
  const [, body] = (form.get('assertion') ?? '').split('.');
  try {
    const claims = claimsSchema.parse(part(body));
    return claims.sub?.toLowerCase() ?? null;
  } catch {
    return null;
  }
}
