import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { record as store } from '@/db';
import { env } from '@/lib/env';
import { RecordError } from './errors';
import { rawPublicKey } from './note';

/** Where the key that signs checkpoints lies unless `AUDIT_SIGNING_KEY` names another file. */
export function signingKeyFile(): string {
  return env.AUDIT_SIGNING_KEY ?? join(env.DATA_DIR, 'keys', 'audit-signing.pem');
}

/**
 * Read a key file: PKCS#8 in PEM, Ed25519.
 * @returns null when there is none
 * @throws RecordError `key_exposed`, `key_malformed`
 */
export function readSigningKey(path: string): KeyObject | null {
  const stat = statSync(/* turbopackIgnore: true */ path, { throwIfNoEntry: false });
  if (!stat) return null;
  if ((stat.mode & 0o077) !== 0) {
    throw new RecordError(
      'key_exposed',
      `Others on this machine may read ${path}, which signs the audit record. Run: chmod 600 ${path}`,
    );
  }
  try {
    const key = createPrivateKey(readFileSync(/* turbopackIgnore: true */ path));
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Not told further: it may quote the file.
  }
  throw new RecordError('key_malformed', `${path} holds no Ed25519 key in PEM (PKCS #8).`);
}

/**
 * Make a key file that is not there yet, mode 0600.
 * @throws the system's EEXIST when somebody else was faster
 */
export function createSigningKey(path: string): KeyObject {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(path, pem, { flag: 'wx', mode: 0o600 });
  return privateKey;
}

/** The keys before this one: a file with the public half alone is for verifying. */
function previousKeys(): KeyObject[] {
  const paths = (env.AUDIT_SIGNING_KEY_PREVIOUS ?? '').split(',').filter(Boolean);
  return paths.map((path) => {
    const text = readPem(path.trim());
    if (text?.includes('PUBLIC KEY')) return createPublicKey(text);
    const key = readSigningKey(path.trim());
    if (key) return key;
    throw new RecordError('key_strange', `AUDIT_SIGNING_KEY_PREVIOUS: ${path} is not there.`);
  });
}

function readPem(path: string): string | null {
  const stat = statSync(/* turbopackIgnore: true */ path, { throwIfNoEntry: false });
  return stat ? readFileSync(/* turbopackIgnore: true */ path, 'utf8') : null;
}

const publicText = (key: KeyObject): string => rawPublicKey(key).toString('base64');

function firstKey(path: string, used: readonly string[]): KeyObject {
  if (used.length > 0) {
    throw new RecordError(
      'key_strange',
      `The key that signed this installation's checkpoints is not at ${path}. Put it back, or name its file in AUDIT_SIGNING_KEY; a new one is not made in its place.`,
    );
  }
  try {
    return createSigningKey(path);
  } catch (error) {
    // Another process of this installation was faster.
    const key = (error as NodeJS.ErrnoException).code === 'EEXIST' && readSigningKey(path);
    if (key) return key;
    throw error;
  }
}

/**
 * The keys that sign checkpoints now: the configured one, and those before it while verifiers still
 * know those. Made at the first use of an installation.
 * @throws RecordError `key_strange` when none of them signed the latest checkpoints: two machines with
 *   a key each would leave auditors with two records
 */
export async function signingKeys(): Promise<readonly KeyObject[]> {
  const used = await store.signers();
  const path = signingKeyFile();
  const current = readSigningKey(path) ?? firstKey(path, used);
  const keys = [current, ...previousKeys().filter(({ type }) => type === 'private')];
  const latest = used.at(-1);
  if (latest !== undefined && !keys.some((key) => publicText(key) === latest)) {
    throw new RecordError(
      'key_strange',
      `The checkpoints of this installation were signed with another key than ${path}. Put that one back, or name its file in AUDIT_SIGNING_KEY_PREVIOUS while verifiers learn the new one.`,
    );
  }
  if (latest !== publicText(current)) await store.noteSigner(publicText(current));
  return keys;
}

/**
 * Public keys that checkpoints of this installation may be signed with, by what lies in its files: the
 * database has no say in it. 32 bytes each.
 * @throws RecordError
 */
export function trustedPublicKeys(): readonly Buffer[] {
  const current = readSigningKey(signingKeyFile());
  return [...(current ? [current] : []), ...previousKeys()].map(rawPublicKey);
}
