import {
  type AuthorizationServer,
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  type Client,
  clientCredentialsGrantRequest,
  customFetch,
  expectNoNonce,
  getValidatedIdTokenClaims,
  type IDToken,
  processAuthorizationCodeResponse,
  processClientCredentialsResponse,
  processRefreshTokenResponse,
  refreshTokenGrantRequest,
  skipStateCheck,
  type TokenEndpointResponse,
  validateApplicationLevelSignature,
  validateAuthResponse,
} from 'oauth4webapi';
import type { Authority } from '../contract';
import { ProviderError } from '../contract';
import type { CodeExchange, TokenSet } from '../provider';
import { adviceFor } from './advice';
import { claimsParameter, payloadOf } from './claims';
import { clientAuth } from './client-auth';
import type { MicrosoftConfig } from './config';
import { asProviderError, atTokenEndpoint, refused, unexpectedShape } from './errors';
import { parseScopes } from './scopes';

/** Any organisation; private accounts have neither Teams nor an administrator. */
export const anyOrganization = 'organizations';

/** A directory's id, as it stands in addresses and tokens. */
export const directoryId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Microsoft's metadata for a directory, written down: it is one pattern for all, and asking for it
 * would be a second request at each refresh.
 * Source: https://login.microsoftonline.com/organizations/v2.0/.well-known/openid-configuration
 */
export function directory(config: MicrosoftConfig, id: string): AuthorizationServer {
  const base = `${config.login}/${id}`;
  return {
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    id_token_signing_alg_values_supported: ['RS256'],
  };
}

/** One request to the token endpoint, through the given fetch; its answer, if it was not refused. */
export class IdentityPlatform {
  readonly #client: Client;

  constructor(
    readonly config: MicrosoftConfig,
    readonly authority: Authority,
    private readonly send: typeof fetch,
  ) {
    this.#client = { client_id: config.clientId };
  }

  /**
   * Trade a code for tokens; the ID token's issuer, audience and times are checked.
   * @param id the directory signed in to, or `organizations` when any may be
   */
  async code(id: string, { code, codeVerifier, redirectUri }: CodeExchange) {
    return this.#attempt('oauth.exchangeCode', true, async () => {
      const as = directory(this.config, id);
      const answer = new URLSearchParams({ code });
      const callback = validateAuthResponse(as, this.#client, answer, skipStateCheck);
      const response = await authorizationCodeGrantRequest(
        as,
        this.#client,
        await clientAuth(this.config.proof, as),
        callback,
        redirectUri,
        codeVerifier,
        this.#options({ claims: claimsParameter() }),
      );
      await this.#accepted('oauth.exchangeCode', response);
      // Whoever signs in to any directory gets a token of their own one (`{tenantid}` in metadata).
      const signedInto = directory(this.config, await issuingDirectory(response, id));
      const options = { expectedNonce: expectNoNonce, requireIdToken: true } as const;
      const tokens = await processAuthorizationCodeResponse(
        signedInto,
        this.#client,
        response,
        options,
      );
      const person = getValidatedIdTokenClaims(tokens) as IDToken;
      return { tokens: tokenSet(tokens), person, response, issuer: signedInto };
    });
  }

  /** Check an ID token's signature against the directory's published keys. */
  async verifySignature(issuer: AuthorizationServer, response: Response): Promise<void> {
    await this.#attempt('oauth.keys', false, () =>
      validateApplicationLevelSignature(issuer, response, this.#options({})),
    );
  }

  async refresh(refreshToken: string, demanded: string | undefined): Promise<TokenSet> {
    return this.#attempt('oauth.refresh', false, async () => {
      const as = directory(this.config, anyOrganization);
      const response = await refreshTokenGrantRequest(
        as,
        this.#client,
        await clientAuth(this.config.proof, as),
        refreshToken,
        this.#options({ claims: claimsParameter(demanded) }),
      );
      await this.#accepted('oauth.refresh', response);
      const issuer = directory(this.config, await issuingDirectory(response, anyOrganization));
      return tokenSet(await processRefreshTokenResponse(issuer, this.#client, response));
    });
  }

  /** @param scope of our own client in that directory, e.g. `https://graph.microsoft.com/.default` */
  async asOurselves(id: string, scope: string, demanded: string | undefined): Promise<TokenSet> {
    return this.#attempt('oauth.clientCredentials', false, async () => {
      const as = directory(this.config, id);
      const response = await clientCredentialsGrantRequest(
        as,
        this.#client,
        await clientAuth(this.config.proof, as),
        { scope, claims: claimsParameter(demanded) },
        this.#options(undefined),
      );
      await this.#accepted('oauth.clientCredentials', response);
      return tokenSet(await processClientCredentialsResponse(as, this.#client, response));
    });
  }

  #options(additionalParameters: Record<string, string> | undefined) {
    return {
      [customFetch]: ((url: string, init: RequestInit) => this.send(url, init)) as typeof fetch,
      [allowInsecureRequests]: this.config.login.startsWith('http:'),
      signal: () => AbortSignal.timeout(30_000),
      ...(additionalParameters && { additionalParameters }),
    };
  }

  async #accepted(operation: string, response: Response): Promise<void> {
    if (response.ok) return;
    const { status, headers } = response;
    const data: unknown = await response.json().catch(() => null);
    throw refused(operation, { status, headers, data }, atTokenEndpoint(this.authority), true);
  }

  async #attempt<T>(operation: string, write: boolean, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // What the library finds wrong with an answer carries that answer, tokens and all.
      const code = (error as { code?: unknown } | null)?.code;
      if (typeof code === 'string' && code.startsWith('OAUTH_')) {
        throw unexpectedShape(operation, write);
      }
      throw asProviderError(operation, error, write);
    }
  }
}

/** The directory that an answer's ID token names; its own issuer is checked against it afterwards. */
async function issuingDirectory(response: Response, expected: string): Promise<string> {
  if (expected !== anyOrganization) return expected;
  const answer: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  const token = (answer as { id_token?: unknown } | null)?.id_token;
  const tid = typeof token === 'string' ? payloadOf(token)?.tid : undefined;
  return typeof tid === 'string' && directoryId.test(tid) ? tid : expected;
}

function tokenSet(answer: TokenEndpointResponse): TokenSet {
  if (answer.expires_in === undefined) throw unexpectedShape('oauth.token');
  // Not named among the scopes, although it was granted.
  const offline = answer.refresh_token ? ['offline_access'] : [];
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? null,
    expiresAt: new Date(Date.now() + answer.expires_in * 1_000),
    scopes: [...new Set([...parseScopes(answer.scope), ...offline])].sort(),
  };
}

/** `ProviderError` for what is not a refusal by Microsoft but by us. */
export function denied(operation: string, code: string): ProviderError {
  const failure = { kind: 'forbidden', status: null, code, ...adviceFor(code) } as const;
  return new ProviderError('microsoft', operation, failure);
}
