import type { ProviderClient, ProviderTransport, VerifiedOrganization } from '@/lib/providers';
import {
  emulatorConfig,
  googleOrganizationClient,
  serviceAccountConsent,
  serviceAccountOAuth,
} from '@/lib/providers/google';

interface Reachable {
  readonly url: string;
}

/** One of the paths below `/__` that change something. */
async function control({ url }: Reachable, path: string, body: unknown): Promise<void> {
  const response = await fetch(new URL(path, url), { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
}

/** The key file of an organisation's service account, as Google Cloud offers it for download. */
export async function serviceAccountKey({ url }: Reachable, domain: string): Promise<string> {
  const response = await fetch(new URL(`/__service-account?domain=${domain}`, url));
  if (!response.ok) throw new Error(`there is no service account for ${domain}`);
  return response.text();
}

/** What the administrator lets the service account do, from now on. */
export const delegateTo = (emulator: Reachable, domain: string, scopes: readonly string[]) =>
  control(emulator, '/__delegation', { domain, scopes });

export const changeServiceAccount = (
  emulator: Reachable,
  domain: string,
  action: 'enable' | 'disable' | 'delete' | 'new_key',
) => control(emulator, '/__service-account', { domain, action });

export const changePerson = (
  emulator: Reachable,
  account: string,
  change: { readonly admin?: boolean; readonly suspended?: boolean; readonly gmail?: boolean },
) => control(emulator, '/__people', { account, ...change });

export interface ConnectedOrganization {
  readonly verified: VerifiedOrganization;
  readonly client: ProviderClient;
}

/** Connect an organisation by its service account; tokens are got anew for each person and client. */
export async function connectOrganization(
  emulator: Reachable,
  administrator: string,
): Promise<ConnectedOrganization> {
  const config = emulatorConfig(emulator.url);
  const domain = administrator.split('@')[1] ?? '';
  const key = await serviceAccountKey(emulator, domain);
  const verified = await serviceAccountConsent(config).verify(key, administrator);
  const oauth = serviceAccountOAuth(config);
  const { tokens, grant } = verified;
  const transport: ProviderTransport = {
    accessToken: async () => tokens.accessToken,
    fetch,
    scopes: tokens.scopes,
    subject(address) {
      let own: Promise<string> | undefined;
      const accessToken = () => {
        own ??= Promise.resolve(oauth.refreshFor?.(grant, address)).then(
          (found) => found?.accessToken ?? '',
        );
        return own;
      };
      return { accessToken, fetch, scopes: tokens.scopes };
    },
  };
  return { verified, client: googleOrganizationClient(config, transport) };
}
