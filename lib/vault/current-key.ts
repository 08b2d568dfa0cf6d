import { VaultError } from './errors';
import { configuredAddresses, type KeyAddress } from './key-address';
import type { KeyEncryptionKey } from './key-encryption-key';

/** The key encryption keys that a process has at hand. */
export interface KeyRing {
  /** The one that the configuration wants new keys to be wrapped with. */
  readonly wanted: KeyEncryptionKey;
  /** All that unwrap, the wanted one too, by id. */
  readonly byId: ReadonlyMap<string, KeyEncryptionKey>;
}

/** One per process, however often a bundler copies this module. */
const slot = Symbol.for('tenantry.vault');
const shared = globalThis as unknown as { [slot]?: KeyRing };

function ring(wanted: KeyEncryptionKey, others: readonly KeyEncryptionKey[]): KeyRing {
  const byId = new Map([wanted, ...others].map((key) => [key.id, key] as const));
  return { wanted, byId };
}

function load(address: KeyAddress): KeyEncryptionKey {
  const key = address.load();
  if (!key) throw missingKey(address);
  return key;
}

/**
 * The keys of this process, read once.
 * @throws VaultError `key_missing`, `key_exposed`, `key_malformed`: none is ever made here
 */
export function keyRing(): KeyRing {
  if (shared[slot]) return shared[slot];
  const [wanted, ...others] = configuredAddresses();
  shared[slot] = ring(load(wanted), others.map(load));
  return shared[slot];
}

/** Names of the keys at hand. */
export const configuredKeyIds = (): ReadonlySet<string> => new Set(keyRing().byId.keys());

/** Take these keys from now on. */
export function holdKeys(wanted: KeyEncryptionKey, ...others: readonly KeyEncryptionKey[]): void {
  shared[slot] = ring(wanted, others);
}

/**
 * The key of that id.
 * @throws VaultError `key_wrong` naming it and those at hand
 */
export function keyById(id: string, { byId }: KeyRing = keyRing()): KeyEncryptionKey {
  const key = byId.get(id);
  if (key) return key;
  const [{ file }] = configuredAddresses();
  const remedy = file
    ? ` Its file is ${file}: if it was exchanged by mistake, put the right file back.`
    : '';
  throw new VaultError(
    'key_wrong',
    `A key is wrapped with ${id}, and what is at hand is ${[...byId.keys()].join(', ')}. Configure ${id} as KEY_ENCRYPTION_KEY, or as KEY_ENCRYPTION_KEY_PREVIOUS while keys are moved from it; nothing was changed.${remedy}`,
  );
}

export function missingKey({ file, text }: KeyAddress): VaultError {
  return new VaultError(
    'key_missing',
    `The key file ${file ?? text} is not there, and without it nothing that is sealed can be opened. Put it back from where you keep its copy; no new one is made over sealed data.`,
  );
}
