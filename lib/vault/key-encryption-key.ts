import { createHash } from 'node:crypto';
import { VaultError } from './errors';
import { keyBytes, type NamedKey, openMessage, type SealContext, sealMessage } from './message';

/** What wraps the tenants' keys. A driver for a key management service has this same shape. */
export interface KeyEncryptionKey {
  /** Names the key in the database; says nothing about it. */
  readonly id: string;
  /** @returns base64 */
  wrap(plaintext: Uint8Array, context: SealContext): Promise<string>;
  /** @throws VaultError */
  unwrap(wrapped: string, context: SealContext): Promise<Buffer>;
}

/** A name that tells two keys apart and gives neither away: the key has 256 random bits. */
function fingerprint(bytes: Uint8Array): string {
  const hash = createHash('sha256').update('tenantry key encryption key\0').update(bytes);
  return `local-${hash.digest('hex').slice(0, 16)}`;
}

/**
 * A key encryption key whose bytes are at hand.
 * @throws VaultError `key_malformed` unless it has 256 bits
 */
export function localKey(bytes: Uint8Array): KeyEncryptionKey {
  if (bytes.byteLength !== keyBytes) {
    throw new VaultError('key_malformed', 'The key file does not hold a 256-bit key.');
  }
  const key: NamedKey = { name: fingerprint(bytes), bytes };
  return Object.freeze({
    id: key.name,
    wrap: (plaintext: Uint8Array, context: SealContext) => sealMessage(key, context, plaintext),
    unwrap: (wrapped: string, context: SealContext) => openMessage([key], context, wrapped),
  });
}
