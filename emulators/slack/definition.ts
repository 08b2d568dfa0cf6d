import { createEmulator, defineEmulator } from 'emulate';
import { commonPresets } from '../presets';
import { keptState, type ServiceDefinition } from '../service';
import { bearer, readArguments } from './api';
import { SlackEvents } from './events';
import { oauthRoutes, uninstall } from './oauth';
import { demoClient, type SlackSeed, seedState } from './seed';
import { applyChange, type Change, type State, Store, type Team } from './state';
import { endGrace, endTokens, expireTokens, narrowTokens } from './tokens';
import { workspaceMethods } from './workspace';

const apiPath = '/api/*';
const tokenPath = '/api/oauth.v2.access';
/** Everything but the token endpoint, which answers a fault of its own. */
const callPaths = ['/api/auth.test', '/api/users.*', '/api/conversations.*', '/api/chat.*'];

const refusal = (error: string, more: object = {}) => ({ ok: false, error, ...more });

function accounts(store: Store) {
  const good = store.all('refreshTokens', '');
  return store.all('teams', '').map(({ id, name, domain }) => ({
    account: domain,
    name,
    group: `${domain}.slack.com`,
    granted: [
      ...new Set(good.filter(({ teamId }) => teamId === id).flatMap(({ scopes }) => scopes)),
    ],
  }));
}

function act(store: Store, events: SlackEvents, action: string, teamId: string, permission = '') {
  switch (action) {
    case 'revoke':
      endTokens(store, teamId, 'token_revoked');
      events.tokensRevoked(teamId);
      break;
    case 'uninstall':
      uninstall(store, events, teamId);
      break;
    case 'end_grace':
      endGrace(store, teamId);
      break;
    case 'expire':
      expireTokens(store, teamId);
      break;
    case 'narrow':
      narrowTokens(store, teamId, permission);
      break;
    default:
      throw new Error(`Slack has no action called ${action}`);
  }
  store.commit();
}

const teamNamed = (store: Store, domain: string): Team | undefined =>
  store.all('teams', '').find((team) => team.domain === domain);

/** The workspace whose token, code or refresh token a request brings. */
async function accountOf(store: Store, request: Request): Promise<string | null> {
  const token = bearer(request);
  const { pathname } = new URL(request.url);
  let teamId = token === null ? undefined : store.get('accessTokens', '', token)?.teamId;
  if (token === null && pathname === tokenPath) {
    const given = await readArguments(request);
    teamId =
      store.get('codes', '', given.get('code') ?? '')?.teamId ??
      store.get('refreshTokens', '', given.get('refresh_token') ?? '')?.teamId;
  }
  return (teamId && store.get('teams', '', teamId)?.domain) || null;
}

/**
 * - `GET /__channels?account=` channels of a workspace, private ones and all
 * - `GET /__messages?channel=` messages of a channel, oldest first
 * - `GET /__deliveries` events that were sent, with how they were received
 */
function control(store: Store, request: Request): Response | null {
  const { pathname, searchParams } = new URL(request.url);
  switch (`${request.method} ${pathname}`) {
    case 'GET /__channels': {
      const team = teamNamed(store, searchParams.get('account') ?? '');
      return Response.json(store.all('channels', team?.id ?? ''));
    }
    case 'GET /__messages':
      return Response.json(store.all('messages', searchParams.get('channel') ?? ''));
    case 'GET /__deliveries':
      return Response.json(store.all('deliveries', ''));
    default:
      return null;
  }
}

/** A refusal that Slack words in a body with HTTP 200. */
const preset = (label: string, error: string, path: string | string[], more: object = {}) => ({
  label,
  explanation: `${error}, with HTTP 200.`,
  fault: { path, status: 200, body: refusal(error, more) },
});

/** Slack, as one of the emulated services. */
export const slack: ServiceDefinition<SlackSeed> = {
  name: 'slack',
  title: 'Slack',
  clientEnv: {
    SLACK_CLIENT_ID: demoClient.clientId,
    SLACK_CLIENT_SECRET: demoClient.clientSecret,
    SLACK_SIGNING_SECRET: demoClient.signingSecret,
  },
  actions: {
    revoke: { label: 'Revoke the tokens' },
    uninstall: { label: 'Uninstall the app' },
    expire: { label: 'Let access tokens run out' },
    end_grace: { label: 'End the grace of used refresh tokens' },
    narrow: { label: 'Take a permission away', perPermission: true },
  },
  presets: {
    ...commonPresets(apiPath, {
      throttled: { body: refusal('ratelimited') },
      unavailable: { body: refusal('service_unavailable') },
    }),
    app_secret: preset('Expire our app’s secret', 'bad_client_secret', tokenPath),
    org_login: preset('Migrate the workspace', 'org_login_required', callPaths),
    blocked: preset('Block by policy', 'team_access_not_granted', callPaths),
    missing_scope: preset('Miss a permission', 'missing_scope', callPaths, {
      needed: 'channels:read',
      provided: 'users:read',
    }),
  },
  async start({ url, dataDir, seed }) {
    const initial = () => seedState(seed);
    const kept = keptState<State, Change>('slack', dataDir, initial, applyChange);
    const store = new Store(kept.state, kept.record);
    const events = new SlackEvents(store);
    const definition = defineEmulator({
      name: 'slack',
      // Kept beside the runtime, which would copy all of it at each request.
      state: () => ({}),
      cors: false,
      setup({ app }) {
        oauthRoutes(app, store, events);
        workspaceMethods(app, store);
      },
    });
    const runtime = await createEmulator({ service: definition, baseUrl: url, listen: false });
    return {
      fetch: (request) => runtime.fetch(request),
      accountOf: (request) => accountOf(store, request),
      accounts: () => accounts(store),
      act(action, account, permission) {
        const team = teamNamed(store, account);
        if (team) act(store, events, action, team.id, permission);
      },
      control: async (request) => control(store, request),
      async close() {
        await events.close();
        await runtime.close();
        kept.close();
      },
    };
  },
};
