import type { Authority } from '../contract';
import type { Provider, ProviderClient, ProviderTransport } from '../provider';
import { microsoftAdminConsent, microsoftAllowance } from './admin-consent';
import { microsoftCalendar } from './calendar';
import { microsoftChannels } from './channels';
import { demandedClaims } from './claims';
import { configuredMicrosoft, type MicrosoftConfig } from './config';
import { applicationPhases, discoverOrganization } from './discovery-application';
import { delegatedPhases, discoverPerson } from './discovery-delegated';
import { microsoftFiles } from './files';
import { type Graph, graphOver } from './graph';
import { microsoftMail } from './mail';
import { microsoftOAuth } from './oauth';
import { graphOfPerson, somebody } from './person';
import { asksForAdministrator, explainConsentRefusal } from './refusals';
import { applicationScopes, delegatedScopes } from './scopes';
import { microsoftSubscriptions } from './subscriptions';

export { microsoftAdminConsent } from './admin-consent';
export { emulatorConfig, type MicrosoftConfig } from './config';
export { microsoftOAuth } from './oauth';
export { applicationScopes, delegatedScopes } from './scopes';

function personal(graph: Graph, base: string) {
  return {
    mail: microsoftMail(graph, base),
    calendar: microsoftCalendar(graph, base),
    files: microsoftFiles(graph, base),
  };
}

function delegatedClient(config: MicrosoftConfig, transport: ProviderTransport): ProviderClient {
  const graph = graphOver(config, 'delegated', transport);
  return {
    provider: 'microsoft',
    discover: (options) => discoverPerson(graph, transport.scopes, options),
    ...personal(graph, '/me'),
    channels: microsoftChannels(graph, transport.scopes),
    channelAdministration: null,
    subscriptions: microsoftSubscriptions(graph, transport.scopes),
    person: null,
  };
}

function applicationClient(config: MicrosoftConfig, transport: ProviderTransport): ProviderClient {
  const graph = graphOver(config, 'application', transport);
  const organization: ProviderClient = {
    provider: 'microsoft',
    discover: (options) => discoverOrganization(graph, transport.scopes, options),
    mail: null,
    calendar: null,
    files: null,
    channels: null,
    channelAdministration: null,
    subscriptions: microsoftSubscriptions(graph, transport.scopes),
    person: (address) => ({
      ...organization,
      ...personal(graphOfPerson(graph, address), somebody),
      person: null,
    }),
  };
  return organization;
}

/** A client for one Microsoft account, or for a whole organisation. */
export function microsoftClient(
  config: MicrosoftConfig,
  authority: Authority,
  transport: ProviderTransport,
): ProviderClient {
  return authority === 'delegated'
    ? delegatedClient(config, transport)
    : applicationClient(config, transport);
}

function required(): MicrosoftConfig {
  const config = configuredMicrosoft();
  if (!config) {
    throw new Error(
      'Microsoft is not configured: set MICROSOFT_CLIENT_ID and a secret or certificate.',
    );
  }
  return config;
}

/** Microsoft 365, as the environment configures it. */
export const microsoft: Provider = {
  key: 'microsoft',
  ways: [
    {
      provider: 'microsoft',
      authority: 'delegated',
      form: 'authorization_code',
      scopes: delegatedScopes,
      phases: delegatedPhases,
      oauth: (send) => microsoftOAuth(required(), 'delegated', send),
      allowance: () => microsoftAllowance(required()),
      client: (transport) => microsoftClient(required(), 'delegated', transport),
      demandedClaims,
    },
    {
      provider: 'microsoft',
      authority: 'application',
      form: 'admin_consent',
      scopes: applicationScopes,
      phases: applicationPhases,
      oauth: (send) => microsoftOAuth(required(), 'application', send),
      adminConsent: (send) => microsoftAdminConsent(required(), send),
      client: (transport) => microsoftClient(required(), 'application', transport),
      demandedClaims,
    },
  ],
  configured: () => configuredMicrosoft() !== null,
  explainConsentRefusal,
  asksForAdministrator,
};
