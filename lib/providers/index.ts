import type { Authority, ProviderKey } from './contract';
import { google } from './google';
import { microsoft } from './microsoft';
import type { Provider, ProviderWay } from './provider';
import { slack } from './slack';

export * from './contract';
export type * from './provider';
export { slackSigningSecret } from './slack';

const adapters: Readonly<Partial<Record<ProviderKey, Provider>>> = {
  microsoft,
  google,
  slack,
};

/** The adapter for a provider, or null while there is none. */
export function findProvider(key: ProviderKey): Provider | null {
  return adapters[key] ?? null;
}

/** How a provider is reached in somebody's name, or null when it cannot be. */
export function findWay(key: ProviderKey, authority: Authority): ProviderWay | null {
  return findProvider(key)?.ways.find((way) => way.authority === authority) ?? null;
}

/** The providers that people can connect on this installation. */
export function connectableProviders(): readonly Provider[] {
  return Object.values(adapters).filter((adapter) => adapter.configured());
}
