import type { Provider, ProviderClient, ProviderTransport } from '../provider';
import { slackChannelAdministration, slackChannels } from './channels';
import { configuredSlack, type SlackConfig } from './config';
import { discoverSlack, slackPhases } from './discovery';
import { explainConsentRefusal } from './errors';
import { slackOAuth } from './oauth';
import { slackScopes } from './scopes';
import { slackApi } from './transport';

export { emulatorConfig, type SlackConfig, slackSigningSecret } from './config';
export { slackOAuth } from './oauth';
export { slackScopes } from './scopes';

/** A client for one workspace. */
export function slackClient(config: SlackConfig, transport: ProviderTransport): ProviderClient {
  const api = slackApi(config, transport);
  return {
    provider: 'slack',
    discover: (options) => discoverSlack(api, options),
    mail: null,
    calendar: null,
    files: null,
    channels: slackChannels(api),
    channelAdministration: slackChannelAdministration(api),
    person: null,
  };
}

function required(): SlackConfig {
  const config = configuredSlack();
  if (!config) throw new Error('Slack is not configured: set SLACK_CLIENT_ID and its secret.');
  return config;
}

/** Slack, as the environment configures it. */
export const slack: Provider = {
  key: 'slack',
  ways: [
    {
      provider: 'slack',
      authority: 'application',
      form: 'authorization_code',
      scopes: slackScopes,
      // Every token of a workspace is one of the app's own user there, whom revoking deactivates.
      sharedGrant: true,
      phases: slackPhases,
      oauth: (send) => slackOAuth(required(), send),
      client: (transport) => slackClient(required(), transport),
    },
  ],
  configured: () => configuredSlack() !== null,
  explainConsentRefusal,
};
