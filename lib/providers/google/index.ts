import type { Provider, ProviderClient, ProviderTransport } from '../provider';
import { googleCalendar } from './calendar';
import { configuredGoogle, type GoogleConfig } from './config';
import { discoverGoogle, googlePhases } from './discovery';
import { explainConsentRefusal } from './errors';
import { googleFiles } from './files';
import { googleMail } from './mail';
import { googleOAuth } from './oauth';
import { googleScopes, listsSharedDrives } from './scopes';
import { googleApis } from './transport';

export { emulatorConfig, type GoogleConfig } from './config';
export { classifyRefusal } from './errors';
export { googleOAuth } from './oauth';
export { googleScopes } from './scopes';

/** A client for one Google account. */
export function googleClient(config: GoogleConfig, transport: ProviderTransport): ProviderClient {
  const apis = googleApis(config, transport);
  return {
    provider: 'google',
    discover: (options) => discoverGoogle(apis, listsSharedDrives(transport.scopes), options),
    mail: googleMail(apis),
    calendar: googleCalendar(apis),
    files: googleFiles(apis),
    channels: null,
    channelAdministration: null,
    person: null,
  };
}

function required(): GoogleConfig {
  const config = configuredGoogle();
  if (!config) throw new Error('Google is not configured: set GOOGLE_CLIENT_ID and its secret.');
  return config;
}

/** Google Workspace, as the environment configures it. */
export const google: Provider = {
  key: 'google',
  ways: [
    {
      provider: 'google',
      authority: 'delegated',
      form: 'authorization_code',
      scopes: googleScopes,
      phases: googlePhases,
      oauth: (send) => googleOAuth(required(), send),
      client: (transport) => googleClient(required(), transport),
    },
  ],
  configured: () => configuredGoogle() !== null,
  explainConsentRefusal,
};
