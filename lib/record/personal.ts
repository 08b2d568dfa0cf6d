import { createHash, hkdfSync } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { canonical, type Personal } from './leaf';

/** Bytes of a tenant's record key, and of each event's. */
export const keyBytes = 32;

/** Opens the personal part of one event, and of no other. */
export type EventKey = Uint8Array;

/**
 * The key of one event, from its tenant's: an auditor is given those of the events to be shown, and
 * learns nothing of the others. HKDF with SHA-256 (RFC 5869).
 */
export function eventKey(tenantKey: Uint8Array, tenantId: string, eventId: string): EventKey {
  const purpose = `tenantry.audit-leaf/1 ${eventId}`;
  return new Uint8Array(hkdfSync('sha256', tenantKey, tenantId, purpose, keyBytes));
}

/**
 * Names a key without telling it: the thumbprint (RFC 7638) of the key. It stands in the sealed part,
 * and so in the leaf: AES-GCM alone would let who sealed show another text with another key.
 */
function nameOf(key: EventKey): string {
  const k = Buffer.from(key).toString('base64url');
  return createHash('sha256').update(`{"k":"${k}","kty":"oct"}`).digest('base64url');
}

/** Seal as JWE in its compact form: `dir`, A256GCM (RFC 7516, RFC 7518). */
export function sealPersonal(key: EventKey, personal: Personal): Promise<string> {
  return new CompactEncrypt(Buffer.from(canonical(personal), 'utf8'))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: nameOf(key) })
    .encrypt(key);
}

/** Open what `sealPersonal` made. @returns null when this key did not seal it */
export async function openPersonal(key: EventKey, sealed: string): Promise<Personal | null> {
  try {
    const { plaintext, protectedHeader } = await compactDecrypt(sealed, key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    if (protectedHeader.kid !== nameOf(key)) return null;
    return JSON.parse(Buffer.from(plaintext).toString('utf8')) as Personal;
  } catch {
    return null;
  }
}
