import { CodeChallengeMethod, OAuth2Client } from 'google-auth-library';
import { z } from 'zod';
import { ProviderError } from '../contract';
import type { ProviderAccount, ProviderOAuth, TokenSet } from '../provider';
import type { GoogleConfig } from './config';
import { asProviderError } from './errors';
import { parseScopes } from './scopes';

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  /** Milliseconds since the epoch; the library works it out from `expires_in`. */
  expiry_date: z.number().positive(),
  scope: z.string().optional(),
});

const userInfo = z.object({
  sub: z.string().min(1),
  email: z.string().includes('@'),
  name: z.string().optional(),
  hd: z.string().min(1).optional(),
});

function tokenSet(answer: unknown): TokenSet {
  const tokens = tokenAnswer.parse(answer);
  return {
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token ?? null,
    expiresAt: new Date(tokens.expiry_date),
    scopes: parseScopes(tokens.scope),
  };
}

/** Google's OAuth client, sent through the given fetch, once per call. */
class Client extends OAuth2Client {
  constructor(config: GoogleConfig, fetchImplementation: typeof fetch) {
    super({
      clientId: config.clientId,
      clientSecret: config.clientSecret,
      endpoints: {
        oauth2AuthBaseUrl: config.endpoints.authorize,
        oauth2TokenUrl: config.endpoints.token,
        oauth2RevokeUrl: config.endpoints.revoke,
      },
      transporterOptions: { fetchImplementation, timeout: 30_000 },
    });
    // The library repeats token posts by default; a code or a refresh may be spent only once.
    this.transporter.interceptors.request.add({
      resolved: async (options) =>
        Object.assign(options, { retry: false, retryConfig: { retry: 0 } }),
    });
  }

  /** The library's public refresh overwrites a new refresh token with the old one. */
  async refreshOnce(refreshToken: string): Promise<unknown> {
    return (await this.refreshTokenNoCache(refreshToken)).tokens;
  }
}

/** Without these a token of somebody who has granted nothing before would not say whose it is. */
const identity = ['openid', 'https://www.googleapis.com/auth/userinfo.email'];

async function attempt<T>(operation: string, effect: 'read' | 'write', work: () => Promise<T>) {
  try {
    return await work();
  } catch (error) {
    throw asProviderError(operation, error, effect);
  }
}

/** Google's authorization code flow with PKCE, offline access and one account per consent. */
export function googleOAuth(config: GoogleConfig, send: typeof fetch = fetch): ProviderOAuth {
  const client = () => new Client(config, send);
  return {
    async createPkce() {
      const { codeVerifier, codeChallenge } = await client().generateCodeVerifierAsync();
      if (!codeChallenge) throw new Error('google-auth-library made no code challenge');
      return { codeVerifier, codeChallenge };
    },

    authorizationUrl({ state, codeChallenge, redirectUri, scopes, loginHint, incremental }) {
      return client().generateAuthUrl({
        scope: incremental ? [...new Set([...identity, ...scopes])] : [...scopes],
        state,
        redirect_uri: redirectUri,
        code_challenge: codeChallenge,
        code_challenge_method: CodeChallengeMethod.S256,
        access_type: 'offline',
        // Without it a second consent brings no refresh token.
        prompt: 'consent',
        ...(loginHint && { login_hint: loginHint }),
        // https://developers.google.com/identity/protocols/oauth2/web-server#incrementalAuth
        ...(incremental && { include_granted_scopes: true }),
      });
    },

    exchangeCode({ code, codeVerifier, redirectUri }) {
      return attempt('oauth.exchangeCode', 'write', async () => {
        const answer = await client().getToken({ code, codeVerifier, redirect_uri: redirectUri });
        return tokenSet(answer.tokens);
      });
    },

    refresh(grant) {
      if (grant.kind !== 'refresh_token') throw new Error(`no ${grant.kind} here`);
      return attempt('oauth.refresh', 'read', async () =>
        tokenSet(await client().refreshOnce(grant.refreshToken)),
      );
    },

    async revoke(token) {
      try {
        // In the body: the library's own revokeToken puts the token into the address.
        await attempt('oauth.revoke', 'write', () =>
          client().transporter.request({
            url: config.endpoints.revoke,
            method: 'POST',
            data: new URLSearchParams({ token }),
          }),
        );
      } catch (error) {
        const gone = error instanceof ProviderError && error.failure.code === 'invalid_token';
        if (!gone) throw error;
      }
      return true;
    },

    account(accessToken) {
      return attempt('oauth.userinfo', 'read', async (): Promise<ProviderAccount> => {
        const { data } = await client().transporter.request({
          url: config.endpoints.userInfo,
          headers: { authorization: `Bearer ${accessToken}` },
        });
        const { sub, email, name, hd } = userInfo.parse(data);
        return {
          accountId: sub,
          email: email.toLowerCase(),
          name: name ?? null,
          organizationId: hd?.toLowerCase() ?? null,
        };
      });
    },
  };
}
