import { randomBytes } from 'node:crypto';
import { holdKeys } from '../current-key';
import { type KeyEncryptionKey, localKey } from '../key-encryption-key';
import { createKeyFile } from '../key-file';
import { ApartStore, closeKeyStore, holdKeyStore, insideStore } from '../store';
import { forgetKeys } from '../unwrapped';

/** A key encryption key that nobody has yet. */
export const newTestKey = (): KeyEncryptionKey => localKey(randomBytes(32));

/** Give this test process these keys; the first is wanted. What was unwrapped is forgotten. */
export function holdTestKeys(wanted: KeyEncryptionKey, ...others: KeyEncryptionKey[]): void {
  forgetKeys();
  holdKeys(wanted, ...others);
}

/** Have the tenants' keys lie in that database; with null, in the product's own. */
export async function holdTestKeyStore(url: string | null): Promise<void> {
  await closeKeyStore();
  forgetKeys();
  holdKeyStore(url ? new ApartStore(url) : insideStore);
}

/** Give this test process a key encryption key of its own; nothing is written to disk. */
export function holdTestKey(): void {
  holdTestKeys(newTestKey());
}

/** The same with one that another process finds at `path`, as its `KEY_FILE`. */
export function holdTestKeyFile(path: string): void {
  holdTestKeys(createKeyFile(path));
}
