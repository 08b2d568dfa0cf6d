import { JWT } from 'google-auth-library';
import { z } from 'zod';
import { ProviderError } from '../contract';
import type {
  Grant,
  ProviderAccount,
  ProviderOAuth,
  ServiceAccountConsent,
  TokenSet,
} from '../provider';
import type { GoogleConfig } from './config';
import {
  asDelegationError,
  delegatedFetch,
  notAdministrator,
  type SpeaksFor,
} from './delegation-errors';
import { directoryPerson, organizationOf } from './directory';
import { readKeyFile, type ServiceAccount } from './key-file';
import { delegationScopes, personScopes } from './scopes';
import { googleApis } from './transport';

type ServiceAccountGrant = Extract<Grant, { kind: 'service_account' }>;

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  /** Milliseconds since the epoch; the library works it out from `expires_in`. */
  expiry_date: z.number().positive(),
});

/** One token request of a service account, sent once, to the configured endpoint and no other. */
class Assertion extends JWT {
  constructor(
    config: GoogleConfig,
    { email, privateKey }: ServiceAccount,
    subject: string,
    scopes: readonly string[],
    fetchImplementation: typeof fetch,
  ) {
    const url = config.endpoints.token;
    super({
      email,
      key: privateKey,
      subject,
      scopes: [...scopes],
      additionalClaims: { aud: url },
      transporterOptions: { fetchImplementation, timeout: 30_000 },
    });
    // The library has Google's address built in and repeats its posts.
    this.transporter.interceptors.request.add({
      resolved: async (options) =>
        Object.assign(options, { url: new URL(url), retry: false, retryConfig: { retry: 0 } }),
    });
  }

  async tokenOnce(): Promise<unknown> {
    return (await this.refreshTokenNoCache()).tokens;
  }
}

interface TokenWish {
  readonly key: string;
  readonly subject: string;
  readonly scopes: readonly string[];
}

/** The tokens of a service account: for the administrator it speaks for, or for one person. */
async function requestToken(
  config: GoogleConfig,
  send: typeof fetch,
  { key, subject, scopes }: TokenWish,
  speaksFor: SpeaksFor,
): Promise<TokenSet> {
  const operation = 'oauth.serviceAccount';
  const account = readKeyFile(key, config.endpoints.token);
  if ('fault' in account) {
    const failure = { status: null, code: 'key_file', advice: account.fault } as const;
    throw new ProviderError('google', operation, { kind: 'needs_reconsent', ...failure });
  }
  try {
    const client = new Assertion(config, account, subject, scopes, send);
    const { access_token, expiry_date } = tokenAnswer.parse(await client.tokenOnce());
    // Google gives all that was asked for or nothing, and need not say so.
    return {
      accessToken: access_token,
      refreshToken: null,
      expiresAt: new Date(expiry_date),
      scopes: [...scopes].sort(),
    };
  } catch (error) {
    throw asDelegationError(operation, error, speaksFor);
  }
}

function serviceAccountGrant(grant: Grant): ServiceAccountGrant {
  if (grant.kind !== 'service_account') throw new Error(`no ${grant.kind} here`);
  return grant;
}

function withoutPage(): never {
  throw new Error('A service account has no consent page.');
}

function apisOf(
  config: GoogleConfig,
  send: typeof fetch,
  { accessToken, scopes }: Pick<TokenSet, 'accessToken' | 'scopes'>,
) {
  return googleApis(config, {
    accessToken: async () => accessToken,
    fetch: delegatedFetch(send, 'administrator'),
    scopes,
  });
}

/** Fresh tokens for an organisation's own service account. */
export function serviceAccountOAuth(
  config: GoogleConfig,
  send: typeof fetch = fetch,
): ProviderOAuth {
  return {
    createPkce: withoutPage,
    authorizationUrl: withoutPage,
    exchangeCode: withoutPage,
    refresh: (grant) => requestToken(config, send, serviceAccountGrant(grant), 'administrator'),
    refreshFor(grant, address) {
      const { key, scopes } = serviceAccountGrant(grant);
      const wish = { key, subject: address, scopes: personScopes(scopes) };
      return requestToken(config, send, wish, 'person');
    },
    // Only the organisation itself can take back what it let its service account do.
    revoke: async () => false,
    account(accessToken) {
      return organizationOf(apisOf(config, send, { accessToken, scopes: [] }));
    },
  };
}

const required = delegationScopes.filter((one) => one.required).map(({ scope }) => scope);
const optional = delegationScopes.filter((one) => !one.required).map(({ scope }) => scope);
const everything = delegationScopes.map(({ scope }) => scope);

const isRefusedScope = (error: unknown) =>
  error instanceof ProviderError &&
  (error.failure.code === 'unauthorized_client' || error.failure.code === 'access_denied');

/** All of the delegation is refused where one scope is missing: find out what was allowed. */
async function allowedToken(
  config: GoogleConfig,
  send: typeof fetch,
  wish: Omit<TokenWish, 'scopes'>,
): Promise<TokenSet> {
  const attempt = (scopes: readonly string[]) =>
    requestToken(config, send, { ...wish, scopes }, 'administrator');
  const refusedIsNull = (error: unknown) => {
    if (isRefusedScope(error)) return null;
    throw error;
  };
  const all = await attempt(everything).catch(refusedIsNull);
  if (all) return all;
  let best = await attempt(required);
  for (const scope of optional) {
    best = (await attempt([...best.scopes, scope]).catch(refusedIsNull)) ?? best;
  }
  return best;
}

/** How an administrator connects their organisation by a service account of its own. */
export function serviceAccountConsent(
  config: GoogleConfig,
  send: typeof fetch = fetch,
): ServiceAccountConsent {
  return {
    scopeList: everything.join(','),
    consoleUrl: 'https://admin.google.com/ac/owl/domainwidedelegation',

    readKey(text) {
      const account = readKeyFile(text, config.endpoints.token);
      if ('fault' in account) return account;
      const { email, clientId, projectId } = account;
      return { email, clientId, projectId };
    },

    async verify(key, administrator) {
      const subject = administrator.trim().toLowerCase();
      const tokens = await allowedToken(config, send, { key, subject });
      const apis = apisOf(config, send, tokens);
      const person = await directoryPerson(apis, subject).catch((error: unknown) => {
        const refused = error instanceof ProviderError && error.failure.advice === notAdministrator;
        throw refused ? notAnAdministrator() : error;
      });
      if (!person.isAdmin) throw notAnAdministrator();
      const account: ProviderAccount = await organizationOf(apis);
      return {
        account,
        domain: account.organizationId,
        tokens,
        grant: { kind: 'service_account', key, subject, scopes: tokens.scopes },
      };
    },
  };
}

function notAnAdministrator(): ProviderError {
  return new ProviderError('google', 'directory.users.get', {
    kind: 'forbidden',
    status: null,
    code: 'not_an_administrator',
    advice: notAdministrator,
  });
}
