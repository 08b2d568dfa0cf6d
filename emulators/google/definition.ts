import { commonPresets } from '../presets';
import { type AccountView, keptState, type ServiceDefinition } from '../service';
import { delegate, delegated, delegationControl } from './delegation';
import { googleErrorBody } from './errors';
import { messageOrder } from './gmail';
import { messageSummary } from './gmail-message';
import { compileQuery } from './gmail-query';
import { ordered } from './paging';
import { demoClient, type SeedOptions, seedState } from './seed';
import { delegatedFromTheStart } from './seed/organizations';
import { startGoogle } from './service';
import type { Change, State } from './state';
import { applyChange, type Store } from './store';
import { expireAccessTokens, revokeGrant } from './tokens';

/** What happened to an account's mail, as the provider has it: the truth about effects. */
function mail(store: Store, query: URLSearchParams) {
  const account = query.get('account') ?? '';
  const context = { labels: store.all('labels', account), now: Date.now() };
  const matches = compileQuery(query.get('q') ?? '');
  const rows = store.all('messages', account).filter((message) => matches(message, context));
  return ordered(rows, messageOrder).map(messageSummary);
}

/** People whom somebody has connected or might, and each organisation with its service account. */
function accounts(store: Store): AccountView[] {
  const grants = store.all('refreshTokens', '');
  const people = store.all('accounts', '').map(({ email, name, hd }) => ({
    account: email,
    name,
    group: hd,
    granted: [
      ...new Set(grants.filter((one) => one.email === email).flatMap(({ scopes }) => scopes)),
    ],
  }));
  const organizations = store.all('organizations', '').map((one) => ({
    account: one.domain,
    name: `Service account of ${one.name}`,
    group: one.domain,
    granted: delegated(store, one),
  }));
  return [...people, ...organizations];
}

/** Revoking and expiring are for people and for organisations; delegating for the latter. */
function act(store: Store, action: string, account: string, permission?: string): void {
  const organization = store.get('organizations', '', account);
  if (!organization) {
    if (action === 'revoke') revokeGrant(store, account);
    else if (action === 'expire') expireAccessTokens(store, account);
  } else if (action === 'expire') {
    for (const { email } of store.all('accounts', '').filter(({ hd }) => hd === account)) {
      expireAccessTokens(store, email);
    }
  } else if (action === 'revoke') {
    delegate(store, organization, []);
  } else if (action === 'delegate') {
    delegate(store, organization, delegatedFromTheStart);
  } else {
    const left = delegated(store, organization).filter((scope) => scope !== permission);
    delegate(store, organization, left);
  }
  store.commit();
}

/**
 * - `GET /__mail?account=&q=` messages, newest first
 * - `GET /__events?calendar=` events
 * - and those of `delegationControl`
 */
async function control(store: Store, url: string, request: Request): Promise<Response | null> {
  const { pathname, searchParams } = new URL(request.url);
  switch (`${request.method} ${pathname}`) {
    case 'GET /__mail':
      return Response.json(mail(store, searchParams));
    case 'GET /__events':
      return Response.json(store.all('events', searchParams.get('calendar') ?? ''));
    default:
      return delegationControl(store, url, request);
  }
}

const errorBody = (code: number, message: string, reason: string, status: string) => ({
  body: googleErrorBody({ code, message, reason, status }),
});

/** Google, as one of the emulated services. */
export const google: ServiceDefinition<SeedOptions> = {
  name: 'google',
  title: 'Google Workspace',
  clientEnv: {
    GOOGLE_CLIENT_ID: demoClient.clientId,
    GOOGLE_CLIENT_SECRET: demoClient.clientSecret,
  },
  actions: {
    revoke: { label: 'Take back the consent' },
    expire: { label: 'Let access tokens run out' },
    withdraw: { label: 'Take back one permission', perPermission: true },
    delegate: { label: 'Delegate everything (service accounts)' },
  },
  presets: {
    ...commonPresets(['/gmail/*', '/drive/*', '/calendar/*', '/admin/*'], {
      throttled: errorBody(429, 'Too many requests', 'rateLimitExceeded', 'RESOURCE_EXHAUSTED'),
      unavailable: errorBody(503, 'The service is unavailable.', 'backendError', 'UNAVAILABLE'),
    }),
    app_secret: {
      label: 'Expire our app’s secret',
      explanation: 'The token endpoint refuses our client: invalid_client.',
      fault: {
        method: 'POST',
        path: '/token',
        status: 401,
        body: {
          error: 'invalid_client',
          error_description: 'The provided client secret is invalid.',
        },
      },
    },
  },
  async start({ url, dataDir, seed }) {
    const initial = () => seedState(seed);
    const kept = keptState<State, Change>('google', dataDir, initial, applyChange);
    const service = await startGoogle(url, kept.state, kept.record);
    const { store } = service;
    return {
      fetch: service.fetch,
      accountOf: service.accountOf,
      accounts: () => accounts(store),
      act: (action, account, permission) => act(store, action, account, permission),
      control: (request) => control(store, url, request),
      async close() {
        await service.close();
        kept.close();
      },
    };
  },
};
