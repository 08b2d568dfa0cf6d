import { commonPresets } from '../presets';
import { keptState, type ServiceDefinition } from '../service';
import { googleErrorBody } from './errors';
import { messageOrder } from './gmail';
import { messageSummary } from './gmail-message';
import { compileQuery } from './gmail-query';
import { ordered } from './paging';
import { demoClient, type SeedOptions, seedState } from './seed';
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

function accounts(store: Store) {
  const grants = store.all('refreshTokens', '');
  return store.all('accounts', '').map(({ email, name, hd }) => ({
    account: email,
    name,
    group: hd,
    granted: [
      ...new Set(grants.filter((one) => one.email === email).flatMap(({ scopes }) => scopes)),
    ],
  }));
}

function act(store: Store, action: string, account: string): void {
  if (action === 'revoke') revokeGrant(store, account);
  else expireAccessTokens(store, account);
  store.commit();
}

/**
 * - `GET /__mail?account=&q=` messages, newest first
 * - `GET /__events?calendar=` events
 */
function control(store: Store, request: Request): Response | null {
  const { pathname, searchParams } = new URL(request.url);
  switch (`${request.method} ${pathname}`) {
    case 'GET /__mail':
      return Response.json(mail(store, searchParams));
    case 'GET /__events':
      return Response.json(store.all('events', searchParams.get('calendar') ?? ''));
    default:
      return null;
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
      act: (action, account) => act(store, action, account),
      control: async (request) => control(store, request),
      async close() {
        await service.close();
        kept.close();
      },
    };
  },
};
