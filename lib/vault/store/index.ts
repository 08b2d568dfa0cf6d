import { env } from '@/lib/env';
import { ApartStore } from './apart';
import { insideStore } from './inside';
import type { KeyStore } from './store';

export { ApartStore } from './apart';
export { insideStore } from './inside';
export type { KeyStore, StoreState, VaultTransaction } from './store';

/** One per process, however often a bundler copies this module. */
const slot = Symbol.for('tenantry.key-store');
const shared = globalThis as unknown as { [slot]?: KeyStore | undefined };

/** Where the configuration says that the tenants' keys lie. */
export function keyStore(): KeyStore {
  shared[slot] ??= env.KEY_STORE_URL ? new ApartStore(env.KEY_STORE_URL) : insideStore;
  return shared[slot];
}

/** Take this store from now on. */
export function holdKeyStore(store: KeyStore): void {
  shared[slot] = store;
}

/** Close what is open to a store of its own; the next use opens it again. */
export async function closeKeyStore(): Promise<void> {
  const open = shared[slot];
  shared[slot] = undefined;
  await open?.end();
}
