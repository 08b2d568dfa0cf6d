import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { env } from '@/lib/env';
import { VaultError } from './errors';
import { type KeyEncryptionKey, localKey } from './key-encryption-key';
import { keyBytes } from './message';

/** Where a local key lies unless the configuration names another: `KEY_FILE`, else with the data. */
export function keyFilePath(): string {
  return env.KEY_FILE ?? join(env.DATA_DIR, 'keys', 'key-encryption.key');
}

/**
 * Read the key file.
 * @returns null when there is none
 * @throws VaultError `key_exposed` when others may read it, `key_malformed`
 */
export function readKeyFile(path: string): KeyEncryptionKey | null {
  const stat = statSync(/* turbopackIgnore: true */ path, { throwIfNoEntry: false });
  if (!stat) return null;
  if (!stat.isFile()) throw new VaultError('key_malformed', `${path} is not a file.`);
  if ((stat.mode & 0o077) !== 0) {
    const mode = (stat.mode & 0o777).toString(8);
    throw new VaultError(
      'key_exposed',
      `The key file ${path} has mode ${mode}: others on this machine may read it. Run: chmod 600 ${path}`,
    );
  }
  return localKey(
    Buffer.from(readFileSync(/* turbopackIgnore: true */ path, 'utf8').trim(), 'base64url'),
  );
}

/**
 * Make a key file that is not there yet, mode 0600 in a directory of mode 0700.
 * @throws the system's EEXIST when somebody else was faster
 */
export function createKeyFile(path: string): KeyEncryptionKey {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const bytes = randomBytes(keyBytes);
  writeFileSync(path, `${bytes.toString('base64url')}\n`, { flag: 'wx', mode: 0o600 });
  return localKey(bytes);
}
