import { createHash } from 'node:crypto';
import { consentedScopes } from '../consent';
import { tokenError } from '../errors';
import { defaultScope, graphScopes, requestedScopes } from '../permissions';
import type { AuthorizationCode, Client, RefreshToken, Store, User } from '../state';
import {
  accessTokenLifetime,
  idToken,
  issueAccessToken,
  issueRefreshToken,
  refreshTokenLifetime,
  refreshTokenRow,
} from '../tokens';
import { authenticateClient } from './client';

const invalidGrant = (number: number, words: string, suberror?: string) =>
  tokenError(400, 'invalid_grant', number, words, suberror);

interface TokenCall {
  readonly store: Store;
  readonly baseUrl: string;
  readonly tenant: string;
  readonly client: Client;
  readonly form: URLSearchParams;
}

/** Microsoft keeps a code from being used twice, and says when it is. */
function spendCode({ store, client, form }: TokenCall): AuthorizationCode {
  const code = form.get('code') ?? '';
  const pending = store.get('codes', '', code);
  if (!pending || pending.clientId !== client.clientId) {
    throw invalidGrant(70000, 'The provided value for the code parameter is not valid.');
  }
  if (pending.redeemed) {
    throw invalidGrant(54005, 'OAuth2 Authorization code was already redeemed.');
  }
  if (pending.expiresAt < Date.now()) {
    throw invalidGrant(70008, 'The provided authorization code or refresh token has expired.');
  }
  if (form.get('redirect_uri') !== pending.redirectUri) {
    throw tokenError(
      400,
      'invalid_client',
      500112,
      'The reply address does not match the reply address provided when requesting Authorization code.',
    );
  }
  const verifier = form.get('code_verifier') ?? '';
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  if (pending.codeChallenge !== null && pending.codeChallenge !== challenge) {
    throw invalidGrant(
      501481,
      'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
    );
  }
  store.put('codes', '', code, { ...pending, redeemed: true });
  return pending;
}

/** Somebody whose account, sessions and consent are still good. */
function requirePerson(store: Store, grant: RefreshToken | AuthorizationCode): User {
  const user = store.person(grant.tid, grant.oid);
  if (!user) {
    throw invalidGrant(50034, 'The user account does not exist in the directory.');
  }
  return user;
}

function personTokens(
  call: TokenCall,
  user: User,
  grant: Pick<AuthorizationCode, 'tid' | 'oid' | 'clientId' | 'scopes' | 'nonce'>,
) {
  const { store, baseUrl } = call;
  const consented = consentedScopes(store, grant.tid, grant.clientId, grant.oid);
  const missing = grant.scopes.filter((scope) => !consented.includes(scope));
  if (missing.length > 0) {
    throw invalidGrant(
      65001,
      `The user or administrator has not consented to use the application with ID '${grant.clientId}'. Send an interactive authorization request for this user and resource.`,
      'consent_required',
    );
  }
  const { tid, oid, clientId } = grant;
  const permissions = graphScopes(grant.scopes);
  return {
    token_type: 'Bearer',
    scope: permissions.join(' '),
    expires_in: accessTokenLifetime,
    ext_expires_in: accessTokenLifetime,
    access_token: issueAccessToken(store, { tid, oid, clientId, permissions }),
    // Each refresh gives a new one; those before it stay good until they expire.
    ...(grant.scopes.includes('offline_access') && {
      refresh_token: issueRefreshToken(store, grant),
    }),
    ...(grant.scopes.includes('openid') && { id_token: idToken(store, baseUrl, user, grant) }),
  };
}

function exchangeCode(call: TokenCall) {
  const grant = spendCode(call);
  return personTokens(call, requirePerson(call.store, grant), grant);
}

function refresh(call: TokenCall) {
  const { store, client, form } = call;
  const row = refreshTokenRow(store, form.get('refresh_token') ?? '');
  if (!row || row.clientId !== client.clientId) {
    throw invalidGrant(70000, 'The provided value for the refresh token is not valid.');
  }
  const user = requirePerson(store, row);
  if (row.ended) {
    throw invalidGrant(
      50173,
      'The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.',
      'bad_token',
    );
  }
  if (row.issuedAt + refreshTokenLifetime < Date.now()) {
    throw invalidGrant(700082, 'The refresh token has expired due to inactivity.', 'bad_token');
  }
  const asked = form.get('scope');
  const scopes = asked === null ? row.scopes : requestedScopes(asked);
  return personTokens(call, user, { ...row, scopes, nonce: null });
}

/** The app in its own name. Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
function clientCredentials({ store, tenant, client, form }: TokenCall) {
  const directory = store.directory(tenant);
  if (!directory) {
    throw tokenError(
      400,
      'invalid_request',
      90002,
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID.`,
    );
  }
  if (form.get('scope') !== defaultScope) {
    throw tokenError(
      400,
      'invalid_scope',
      1002012,
      `The provided value for scope ${form.get('scope')} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    );
  }
  const { tid } = directory;
  const principal = store.get('servicePrincipals', tid, client.clientId);
  if (!principal) {
    throw tokenError(
      400,
      'unauthorized_client',
      700016,
      `Application with identifier '${client.clientId}' was not found in the directory '${directory.name}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.`,
    );
  }
  const { clientId } = client;
  return {
    token_type: 'Bearer',
    expires_in: accessTokenLifetime,
    ext_expires_in: accessTokenLifetime,
    access_token: issueAccessToken(store, {
      ...{ tid, clientId, oid: null },
      permissions: principal.roles,
    }),
  };
}

/** `POST /{tenant}/oauth2/v2.0/token` */
export async function tokenEndpoint(
  store: Store,
  baseUrl: string,
  tenant: string,
  request: Request,
): Promise<Response> {
  const form = new URLSearchParams(await request.text());
  const audiences = [tenant, ...store.all('directories', '').map(({ tid }) => tid)].flatMap(
    (name) => [`${baseUrl}/${name}/oauth2/v2.0/token`, `${baseUrl}/${name}/v2.0`],
  );
  const client = authenticateClient(store, request, form, audiences);
  const call = { store, baseUrl, tenant, client, form };
  const headers = { 'cache-control': 'no-store', pragma: 'no-cache' };
  switch (form.get('grant_type')) {
    case 'authorization_code':
      return Response.json(exchangeCode(call), { headers });
    case 'refresh_token':
      return Response.json(refresh(call), { headers });
    case 'client_credentials':
      return Response.json(clientCredentials(call), { headers });
    default:
      throw tokenError(
        400,
        'unsupported_grant_type',
        70003,
        `The app requested an unsupported grant type '${form.get('grant_type')}'.`,
      );
  }
}
