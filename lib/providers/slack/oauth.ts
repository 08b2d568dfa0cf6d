import { createHash, randomBytes } from 'node:crypto';
import type { OAuthV2AccessArguments } from '@slack/web-api';
import { z } from 'zod';
import { ProviderError } from '../contract';
import type { ProviderAccount, ProviderOAuth, TokenSet } from '../provider';
import { requireAdministrator } from './administrator';
import type { SlackConfig } from './config';
import { parseScopes } from './scopes';
import { call, clientWithoutToken, clientWithToken, isRefusal } from './transport';

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  token_type: z.literal('bot'),
  scope: z.string(),
  /** Both are absent when the app does not rotate its tokens. */
  refresh_token: z.string().min(1).optional(),
  expires_in: z.number().positive().optional(),
});

/** The answer to a code also names who chose Allow. */
const consentAnswer = tokenAnswer.extend({
  authed_user: z.object({ id: z.string().min(1) }),
  is_enterprise_install: z.boolean().nullish(),
});

const identity = z.object({
  team_id: z.string().min(1),
  team: z.string().optional(),
  enterprise_id: z.string().min(1).optional(),
  is_enterprise_install: z.boolean().optional(),
});

/** What Slack says of a token that opens nothing any more. */
const gone = ['token_revoked', 'token_expired', 'account_inactive', 'invalid_auth'] as const;

/** Milliseconds that a token without an end counts as good for. */
const withoutEnd = 10 * 365 * 86_400_000;

function tokenSet(answer: z.output<typeof tokenAnswer>, now: number): TokenSet {
  const lifetime = answer.expires_in === undefined ? withoutEnd : answer.expires_in * 1_000;
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? null,
    expiresAt: new Date(now + lifetime),
    scopes: parseScopes(answer.scope),
  };
}

/**
 * Slack's OAuth v2, for the token of our app's own user in a workspace
 * (https://docs.slack.dev/authentication/installing-with-oauth). With PKCE Slack would treat our app
 * as a public client, so the challenge is not sent: our secret and the state bound to the browser's
 * session stand in its place.
 */
export function slackOAuth(config: SlackConfig, send: typeof fetch = fetch): ProviderOAuth {
  const { clientId: client_id, clientSecret: client_secret } = config;

  const access = <Shape extends z.ZodType>(shape: Shape, request: OAuthV2AccessArguments) =>
    call('oauth.v2.access', shape, () => clientWithoutToken(config, send).oauth.v2.access(request));

  /**
   * Slack revokes the refresh token "after a short grace period" of no figure: an answer that is lost
   * may be asked for again at once. The access token goes on until its own end.
   * https://docs.slack.dev/authentication/using-token-rotation
   */
  async function refresh(refresh_token: string): Promise<TokenSet> {
    const now = Date.now();
    const grant_type = 'refresh_token' as const;
    const request = { client_id, client_secret, grant_type, refresh_token };
    return tokenSet(await access(tokenAnswer, request), now);
  }

  /** End one token; one that is gone or ran out is no longer there to end. */
  async function revokeOne(token: string): Promise<void> {
    try {
      await call('auth.revoke', z.object({}), () =>
        clientWithToken(config, send, token).auth.revoke(),
      );
    } catch (error) {
      if (!isRefusal(error, ...gone)) throw error;
    }
  }

  /**
   * End every token of the installation (https://docs.slack.dev/reference/methods/apps.uninstall).
   * @throws ProviderError
   */
  async function uninstall(accessToken: string): Promise<void> {
    await call('apps.uninstall', z.object({}), () =>
      clientWithToken(config, send, accessToken).apps.uninstall({ client_id, client_secret }),
    );
  }

  return {
    async createPkce() {
      const codeVerifier = randomBytes(32).toString('base64url');
      const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
      return { codeVerifier, codeChallenge };
    },

    authorizationUrl({ state, redirectUri, scopes }) {
      const url = new URL(config.authorize);
      url.search = new URLSearchParams({
        client_id,
        scope: scopes.join(','),
        redirect_uri: redirectUri,
        state,
      }).toString();
      return url.href;
    },

    async exchangeCode({ code, redirectUri: redirect_uri }) {
      const now = Date.now();
      const request = { client_id, client_secret, code, redirect_uri };
      const answer = await access(consentAnswer, request);
      await requireAdministrator(config, send, answer.access_token, {
        userId: answer.authed_user.id,
        wholeOrganization: answer.is_enterprise_install ?? false,
      });
      return tokenSet(answer, now);
    },

    async refresh(grant) {
      if (grant.kind !== 'refresh_token') throw new Error(`no ${grant.kind} here`);
      return refresh(grant.refreshToken);
    },

    /**
     * With token rotation a revocation ends one token alone, so that each is revoked by itself; the
     * app is removed as well, since tokens that were given out before may still be good. Nothing is
     * renewed on the way: that would mint a token of which nobody knows if the next call fails.
     */
    async revoke(held, accessToken = held) {
      if (held !== accessToken) await revokeOne(held);
      try {
        await uninstall(accessToken);
      } catch (error) {
        if (isRefusal(error, ...gone)) return true;
        if (!(error instanceof ProviderError) || error.retryable) throw error;
        // An Enterprise organisation's own administrator has to remove it; our tokens end all the same.
        await revokeOne(accessToken);
      }
      return true;
    },

    async account(accessToken): Promise<ProviderAccount> {
      const { team, ...who } = await call('auth.test', identity, () =>
        clientWithToken(config, send, accessToken).auth.test(),
      );
      // Added to a whole Enterprise organisation, there is no single workspace behind it.
      const id = (who.is_enterprise_install && who.enterprise_id) || who.team_id;
      return { accountId: id, email: null, name: team ?? null, organizationId: id };
    },
  };
}
