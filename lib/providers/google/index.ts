import type { Provider, ProviderClient, ProviderTransport } from '../provider';
import { googleCalendar } from './calendar';
import { configuredGoogle, type GoogleConfig } from './config';
import { delegatedFetch } from './delegation-errors';
import { discoverGoogle, googlePhases } from './discovery';
import { explainConsentRefusal } from './errors';
import { googleFiles } from './files';
import { googleMail } from './mail';
import { googleOAuth } from './oauth';
import { discoverOrganization, organizationPhases } from './organization-discovery';
import { delegationScopes, googleScopes, listsSharedDrives } from './scopes';
import { serviceAccountConsent, serviceAccountOAuth } from './service-account';
import { googleApis } from './transport';

export { emulatorConfig, type GoogleConfig } from './config';
export { classifyRefusal } from './errors';
export { googleOAuth } from './oauth';
export { delegationScopes, googleScopes } from './scopes';
export { serviceAccountConsent, serviceAccountOAuth } from './service-account';

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

/** A client for a whole organisation, through a service account that may speak for its people. */
export function googleOrganizationClient(
  config: GoogleConfig,
  transport: ProviderTransport,
): ProviderClient {
  const speakFor = (address: string): ProviderTransport => {
    if (!transport.subject) throw new Error('This transport cannot speak for one person.');
    const own = transport.subject(address);
    return { ...own, fetch: delegatedFetch(own.fetch, 'person') };
  };
  const organization = {
    apis: googleApis(config, {
      ...transport,
      fetch: delegatedFetch(transport.fetch, 'administrator'),
    }),
    apisOf: (address: string) => googleApis(config, speakFor(address)),
    withSharedDrives: listsSharedDrives(transport.scopes),
  };
  return {
    provider: 'google',
    discover: (options) => discoverOrganization(organization, options),
    mail: null,
    calendar: null,
    files: null,
    channels: null,
    channelAdministration: null,
    person: (address) => googleClient(config, speakFor(address)),
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
      // https://developers.google.com/identity/protocols/oauth2/web-server#incrementalAuth
      sharedGrant: true,
      incremental: true,
      oauth: (send) => googleOAuth(required(), send),
      client: (transport) => googleClient(required(), transport),
    },
    {
      provider: 'google',
      authority: 'application',
      form: 'service_account',
      scopes: delegationScopes,
      phases: organizationPhases,
      oauth: (send) => serviceAccountOAuth(required(), send),
      serviceAccount: (send) => serviceAccountConsent(required(), send),
      client: (transport) => googleOrganizationClient(required(), transport),
    },
  ],
  configured: () => configuredGoogle() !== null,
  explainConsentRefusal,
};
