import { createHash, randomBytes } from 'node:crypto';
import { htmlResponse } from '../page';
import { type App, guarded, liveToken } from './api';
import { assertionAnswer, assertionGrant } from './assertion';
import { authorizationErrorPage, consentPage } from './consent-page';
import { Refused } from './errors';
import { requestedScopes } from './scopes';
import type { OAuthClient } from './state';
import type { Store } from './store';
import {
  accessTokenLifetime,
  identityClaims,
  idToken,
  issueAccessToken,
  issueRefreshToken,
  publicKeys,
  revokeGrant,
} from './tokens';

/** Milliseconds. */
const codeLifetime = 10 * 60_000;

function oauthError(status: number, error: string, description: string): Refused {
  return new Refused(status, { error, error_description: description });
}

function loopback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, hash } = new URL(address);
  return /^https?:$/.test(protocol) && /^(.+\.)?localhost$|^127\.0\.0\.1$/.test(hostname) && !hash;
}

interface AuthorizationQuestion {
  readonly client: OAuthClient;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly given: URLSearchParams;
}

/** Check an authorisation request; a fault that must not be redirected gets a page of its own. */
function readQuestion(store: Store, given: URLSearchParams): AuthorizationQuestion | Response {
  const wrong = (code: string, words: string) =>
    htmlResponse(authorizationErrorPage(code, words), 400);
  const client = store.get('clients', '', given.get('client_id') ?? '');
  if (!client) return wrong('invalid_client', 'The OAuth client was not found.');
  const redirectUri = given.get('redirect_uri') ?? '';
  if (!loopback(redirectUri)) {
    return wrong('redirect_uri_mismatch', 'The redirect URI is not one of this client’s.');
  }
  if (given.get('response_type') !== 'code') {
    return wrong('unsupported_response_type', 'response_type must be code.');
  }
  const scopes = requestedScopes(given.get('scope') ?? '');
  if (scopes.length === 0) return wrong('invalid_request', 'Missing required parameter: scope');
  const challenged = given.get('code_challenge');
  if (challenged && given.get('code_challenge_method') !== 'S256') {
    return wrong('invalid_request', 'code_challenge_method must be S256.');
  }
  return { client, redirectUri, scopes, given };
}

function backTo(question: AuthorizationQuestion, answer: Record<string, string>): Response {
  const url = new URL(question.redirectUri);
  const state = question.given.get('state');
  if (state !== null) url.searchParams.set('state', state);
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  return new Response(null, { status: 302, headers: { location: url.href } });
}

function ask(store: Store, given: URLSearchParams): Response {
  const question = readQuestion(store, given);
  if (question instanceof Response) return question;
  if (given.get('prompt') === 'none') return backTo(question, { error: 'interaction_required' });
  const hint = given.get('login_hint')?.toLowerCase();
  const everyone = store.all('accounts', '').filter(({ suspended }) => !suspended);
  const hinted = everyone.filter(({ email }) => email === hint);
  return htmlResponse(
    consentPage({
      clientName: question.client.name,
      accounts: hinted.length > 0 ? hinted : everyone,
      scopes: question.scopes,
      request: new Map(given),
    }),
  );
}

function decide(store: Store, given: URLSearchParams): Response {
  const question = readQuestion(store, given);
  if (question instanceof Response) return question;
  const account = store.get('accounts', '', given.get('email') ?? '');
  if (given.has('deny') || !account || account.suspended) {
    return backTo(question, { error: 'access_denied' });
  }
  const ticked = new Set(given.getAll('granted'));
  const asked = question.scopes.filter((scope) => ticked.has(scope));
  const { clientId } = question.client;
  const grants = store
    .all('refreshTokens', '')
    .filter((grant) => grant.email === account.email && grant.clientId === clientId);
  const known = grants.length > 0;
  const before =
    given.get('include_granted_scopes') === 'true' ? grants.flatMap((grant) => grant.scopes) : [];
  const scopes = [...new Set([...before, ...asked])];
  const code = `4/0${randomBytes(32).toString('base64url')}`;
  store.put('codes', '', code, {
    email: account.email,
    clientId,
    redirectUri: question.redirectUri,
    scopes,
    codeChallenge: given.get('code_challenge'),
    nonce: given.get('nonce'),
    // Google hands out a refresh token at the first consent, or when consent is forced.
    offline:
      given.get('access_type') === 'offline' && (!known || given.get('prompt') === 'consent'),
    expiresAt: Date.now() + codeLifetime,
  });
  return backTo(question, { code, scope: scopes.join(' '), authuser: '0', hd: account.hd });
}

function authenticateClient(store: Store, request: Request, form: URLSearchParams): OAuthClient {
  const basic = /^Basic (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  const [id, secret] = basic
    ? Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent)
    : [form.get('client_id'), form.get('client_secret')];
  const client = store.get('clients', '', id ?? '');
  if (!client) throw oauthError(401, 'invalid_client', 'The OAuth client was not found.');
  if (client.clientSecret !== secret) {
    throw oauthError(401, 'invalid_client', 'The provided client secret is invalid.');
  }
  return client;
}

function spendCode(store: Store, client: OAuthClient, form: URLSearchParams) {
  const code = form.get('code') ?? '';
  const pending = store.get('codes', '', code);
  store.delete('codes', '', code);
  if (!pending || pending.expiresAt < Date.now() || pending.clientId !== client.clientId) {
    throw oauthError(400, 'invalid_grant', 'Malformed auth code.');
  }
  if (pending.redirectUri !== form.get('redirect_uri')) {
    throw oauthError(400, 'redirect_uri_mismatch', 'Bad Request');
  }
  if (pending.codeChallenge !== null) {
    const verifier = form.get('code_verifier');
    if (!verifier) throw oauthError(400, 'invalid_grant', 'Missing code verifier.');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    if (challenge !== pending.codeChallenge) {
      throw oauthError(400, 'invalid_grant', 'Invalid code verifier.');
    }
  }
  return pending;
}

function tokenAnswer(store: Store, issuer: string, form: URLSearchParams, client: OAuthClient) {
  const grantType = form.get('grant_type');
  const code = grantType === 'authorization_code' ? spendCode(store, client, form) : null;
  const refresh =
    grantType === 'refresh_token'
      ? store.get('refreshTokens', '', form.get('refresh_token') ?? '')
      : null;
  const grant = code ?? refresh;
  if (grant === null) throw oauthError(400, 'unsupported_grant_type', 'Invalid grant_type');
  const account = grant && store.get('accounts', '', grant.email);
  if (!grant || !account || grant.clientId !== client.clientId) {
    throw oauthError(400, 'invalid_grant', 'Token has been expired or revoked.');
  }
  const kept = { email: grant.email, clientId: grant.clientId, scopes: grant.scopes };
  return {
    access_token: issueAccessToken(store, kept),
    expires_in: accessTokenLifetime,
    ...(code?.offline && { refresh_token: issueRefreshToken(store, kept) }),
    scope: grant.scopes.join(' '),
    token_type: 'Bearer',
    ...(grant.scopes.includes('openid') && {
      id_token: idToken(store, issuer, account, kept, code?.nonce ?? null),
    }),
  };
}

function revoke(store: Store, token: string): void {
  const grant = store.get('refreshTokens', '', token) ?? store.get('accessTokens', '', token);
  if (!grant) throw oauthError(400, 'invalid_token', 'Token expired or revoked');
  revokeGrant(store, grant.email, grant.clientId);
}

function discoveryDocument(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/o/oauth2/v2/auth`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/v1/userinfo`,
    revocation_endpoint: `${issuer}/revoke`,
    jwks_uri: `${issuer}/oauth2/v3/certs`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'email', 'profile'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    code_challenge_methods_supported: ['S256'],
    grant_types_supported: ['authorization_code', 'refresh_token', assertionGrant],
  };
}

/** Google's OAuth 2.0 and OpenID Connect endpoints, at Google's own paths. */
export function oauthRoutes(app: App, store: Store, issuer: string): void {
  app.get('/.well-known/openid-configuration', () => Response.json(discoveryDocument(issuer)));
  app.get('/oauth2/v3/certs', () => guarded(store, async () => Response.json(publicKeys(store))));
  app.get('/o/oauth2/v2/auth', (c) => ask(store, new URL(c.req.url).searchParams));
  app.post('/o/oauth2/v2/auth/callback', (c) =>
    guarded(store, async () => decide(store, new URLSearchParams(await c.req.text()))),
  );
  app.post('/token', (c) =>
    guarded(store, async () => {
      const form = new URLSearchParams(await c.req.text());
      const answer =
        form.get('grant_type') === assertionGrant
          ? assertionAnswer(store, issuer, form)
          : tokenAnswer(store, issuer, form, authenticateClient(store, c.req.raw, form));
      return Response.json(answer, { headers: { 'cache-control': 'no-store' } });
    }),
  );
  app.post('/revoke', (c) =>
    guarded(store, async () => {
      const form = new URLSearchParams(await c.req.text());
      const query = new URL(c.req.url).searchParams;
      revoke(store, form.get('token') ?? query.get('token') ?? '');
      return Response.json({});
    }),
  );
  app.get('/v1/userinfo', (c) =>
    guarded(store, async () => {
      const token = liveToken(store, c.req.raw);
      const account = token && store.get('accounts', '', token.email);
      if (!account) throw oauthError(401, 'invalid_request', 'Invalid Credentials');
      return Response.json(identityClaims(account, token.scopes));
    }),
  );
}
