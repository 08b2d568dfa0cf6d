import { VaultError } from './errors';
import type { KeyEncryptionKey } from './key-encryption-key';
import { keyFilePath, readKeyFile } from './key-file';

/** One per process, however often a bundler copies this module. */
const slot = Symbol.for('tenantry.vault');
const shared = globalThis as unknown as { [slot]?: KeyEncryptionKey };

/**
 * The key encryption key of this process, read once.
 * @throws VaultError `key_missing`, `key_exposed`, `key_malformed`: none is ever made here
 */
export function currentKey(): KeyEncryptionKey {
  if (shared[slot]) return shared[slot];
  const key = readKeyFile();
  if (!key) throw missingKey();
  return holdKey(key);
}

/** Take this key from now on. */
export function holdKey(key: KeyEncryptionKey): KeyEncryptionKey {
  shared[slot] = key;
  return key;
}

export function missingKey(): VaultError {
  return new VaultError(
    'key_missing',
    `The key file ${keyFilePath()} is not there, and without it nothing that is sealed can be opened. Put it back from where you keep its copy; no new one is made over sealed data.`,
  );
}
