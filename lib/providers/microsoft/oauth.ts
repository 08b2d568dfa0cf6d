import { calculatePKCECodeChallenge, generateRandomCodeVerifier } from 'oauth4webapi';
import { z } from 'zod';
import type { Authority } from '../contract';
import type { AuthorizationRequest, Grant, ProviderAccount, ProviderOAuth } from '../provider';
import { carriedPermissions } from './claims';
import type { MicrosoftConfig } from './config';
import { graphOver } from './graph';
import { anyOrganization, directory, IdentityPlatform } from './identity-platform';
import { readOrganization } from './organization';

/** All that was consented to for our app, at Graph. */
export const everythingConsented = 'https://graph.microsoft.com/.default';

const profile = z.object({
  id: z.string().min(1),
  displayName: z.string().nullish(),
  mail: z.string().nullish(),
  userPrincipalName: z.string().min(1),
});

export async function createPkce() {
  const codeVerifier = generateRandomCodeVerifier();
  return { codeVerifier, codeChallenge: await calculatePKCECodeChallenge(codeVerifier) };
}

/** The address of a sign-in page (https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow). */
export function signInUrl(
  config: MicrosoftConfig,
  directoryId: string,
  { state, codeChallenge, redirectUri, scopes, loginHint }: AuthorizationRequest,
): string {
  const url = new URL(directory(config, directoryId).authorization_endpoint as string);
  const parameters = {
    client_id: config.clientId,
    response_type: 'code',
    response_mode: 'query',
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state,
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
    // Somebody signed in to several accounts would else get whichever is the first. A forced
    // `consent` would stop people whose administrator has allowed the app for them.
    prompt: 'select_account',
    ...(loginHint && { login_hint: loginHint }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** Microsoft's identity platform: the code flow with PKCE for one person, our own token for all. */
export function microsoftOAuth(
  config: MicrosoftConfig,
  authority: Authority,
  send: typeof fetch = fetch,
): ProviderOAuth {
  const platform = new IdentityPlatform(config, authority, send);

  async function organizationAccount(graph: ReturnType<typeof graphOver>) {
    const organization = await readOrganization(graph);
    return {
      accountId: organization.id,
      email: null,
      name: organization.name,
      organizationId: organization.id,
    };
  }

  return {
    createPkce,

    authorizationUrl: (request) => signInUrl(config, anyOrganization, request),

    async exchangeCode(exchange) {
      return (await platform.code(anyOrganization, exchange)).tokens;
    },

    async refresh(grant: Grant, { claims } = {}) {
      switch (grant.kind) {
        case 'refresh_token':
          return platform.refresh(grant.refreshToken, claims);
        case 'client_credentials': {
          const { organizationId } = grant;
          const tokens = await platform.asOurselves(organizationId, everythingConsented, claims);
          return { ...tokens, scopes: carriedPermissions(tokens.accessToken) ?? tokens.scopes };
        }
        default:
          throw new Error(`no ${grant.kind} here`);
      }
    },

    /** Microsoft lets nobody but the person or their administrator take a consent back. */
    revoke: async () => false,

    async account(accessToken): Promise<ProviderAccount> {
      const graph = graphOver(config, authority, {
        accessToken: async () => accessToken,
        fetch: send,
        scopes: [],
      });
      if (authority === 'application') return organizationAccount(graph);
      const me = await graph.get('/me', profile, {
        query: { $select: 'id,displayName,mail,userPrincipalName' },
        takes: ['User.Read'],
      });
      const organization = await readOrganization(graph);
      return {
        accountId: me.id,
        email: (me.mail ?? me.userPrincipalName).toLowerCase(),
        name: me.displayName ?? null,
        organizationId: organization.id,
      };
    },
  };
}
