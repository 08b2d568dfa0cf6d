import { commonPresets } from '../presets';
import { type AccountView, keptState, type ServiceDefinition } from '../service';
import {
  changeServiceAccount,
  delegate,
  delegated,
  delegationControl,
  serviceAccountOf,
} from './delegation';
import { googleErrorBody } from './errors';
import { messageOrder } from './gmail';
import { messageSummary } from './gmail-message';
import { compileQuery } from './gmail-query';
import { ordered } from './paging';
import { demoClient, type SeedOptions, seedState } from './seed';
import { delegatedFromTheStart } from './seed/organizations';
import { startGoogle } from './service';
import type { Change, Organization, State } from './state';
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
  const people = store.all('accounts', '').map(({ email, name, hd, suspended }) => ({
    account: email,
    name,
    group: hd,
    granted: [
      ...new Set(grants.filter((one) => one.email === email).flatMap(({ scopes }) => scopes)),
    ],
    actions: ['revoke', 'expire', suspended ? 'restore' : 'suspend'],
  }));
  const organizations = store.all('organizations', '').map((one) => ({
    account: one.domain,
    name: `Service account of ${one.name}`,
    group: one.domain,
    granted: delegated(store, one),
    actions: ['revoke', 'withdraw', 'delegate', 'expire', 'disable', 'enable', 'new_key'],
    download: { label: 'Key file', path: `/__service-account?domain=${one.domain}` },
  }));
  return [...people, ...organizations];
}

/** What its owner can do with one person's account. */
function actOnPerson(store: Store, action: string, email: string): void {
  const person = store.get('accounts', '', email);
  if (!person) return;
  if (action === 'revoke') revokeGrant(store, email);
  else if (action === 'expire') expireAccessTokens(store, email);
  else if (action === 'suspend' || action === 'restore') {
    store.put('accounts', '', email, { ...person, suspended: action === 'suspend' });
  }
}

/** What administrators can do about their organisation's service account. */
function actOnOrganization(
  store: Store,
  action: string,
  organization: Organization,
  permission?: string,
): void {
  const account = serviceAccountOf(store, organization.domain);
  const people = store.all('accounts', '').filter(({ hd }) => hd === organization.domain);
  const left = delegated(store, organization).filter((scope) => scope !== permission);
  switch (action) {
    case 'expire':
      for (const { email } of people) expireAccessTokens(store, email);
      break;
    case 'revoke':
      delegate(store, organization, []);
      break;
    case 'delegate':
      delegate(store, organization, delegatedFromTheStart);
      break;
    case 'withdraw':
      delegate(store, organization, left);
      break;
    case 'enable':
    case 'disable':
    case 'new_key':
      if (account) changeServiceAccount(store, account, action);
  }
}

function act(store: Store, action: string, account: string, permission?: string): void {
  const organization = store.get('organizations', '', account);
  if (organization) actOnOrganization(store, action, organization, permission);
  else actOnPerson(store, action, account);
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
    delegate: { label: 'Delegate everything again' },
    suspend: { label: 'Suspend the person' },
    restore: { label: 'Restore the person' },
    disable: { label: 'Switch the service account off' },
    enable: { label: 'Switch the service account on' },
    new_key: { label: 'Replace the key' },
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
