import type { ProviderKey } from './contract';
import { google } from './google';
import type { Provider } from './provider';

export * from './contract';
export type * from './provider';

const adapters: Readonly<Partial<Record<ProviderKey, Provider>>> = { google };

/** The adapter for a provider, or null while there is none. */
export function findProvider(key: ProviderKey): Provider | null {
  return adapters[key] ?? null;
}

/** The providers that people can connect on this installation. */
export function connectableProviders(): readonly Provider[] {
  return Object.values(adapters).filter((adapter) => adapter.configured());
}
