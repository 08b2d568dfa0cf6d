import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { compactDecrypt } from 'jose';
import { canonical, type Personal } from './leaf';

/** Bytes of a tenant's record key, and of each event's. */
export const keyBytes = 32;
/** Bytes of the initialization vector of A256GCM (RFC 7518, section 5.3). */
const vectorBytes = 12;

/** Opens the personal part of one event, and of no other. */
export type EventKey = Uint8Array;

/** The first and only block of 32 bytes that HKDF expands to. */
const firstBlock = Uint8Array.of(1);

/**
 * The keys of a tenant's events, from its own: an auditor is given those of the events to be shown, and
 * learns nothing of the others. HKDF with SHA-256 (RFC 5869), whose first step is the same for all events
 * of a tenant and is taken once.
 */
export function eventKeys(tenantKey: Uint8Array, tenantId: string): (eventId: string) => EventKey {
  const extracted = createHmac('sha256', tenantId).update(tenantKey).digest();
  return (eventId) =>
    createHmac('sha256', extracted)
      .update(`tenantry.audit-leaf/1 ${eventId}`)
      .update(firstBlock)
      .digest();
}

/** The key of one event. */
export function eventKey(tenantKey: Uint8Array, tenantId: string, eventId: string): EventKey {
  return eventKeys(tenantKey, tenantId)(eventId);
}

/**
 * Names a key without telling it: the thumbprint (RFC 7638) of the key. It stands in the sealed part,
 * and so in the leaf: AES-GCM alone would let who sealed show another text with another key.
 */
function nameOf(key: EventKey): string {
  const k = Buffer.from(key).toString('base64url');
  return createHash('sha256').update(`{"k":"${k}","kty":"oct"}`).digest('base64url');
}

/**
 * Seal as JWE in its compact form: `dir`, A256GCM (RFC 7516, RFC 7518). Written here, where a library's
 * way through Web Crypto takes three times as long as the whole of sealing; opened by the library.
 */
export function sealPersonal(key: EventKey, personal: Personal): string {
  const header = JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid: nameOf(key) });
  const open = Buffer.from(header, 'utf8').toString('base64url');
  const vector = randomBytes(vectorBytes);
  const cipher = createCipheriv('aes-256-gcm', key, vector).setAAD(Buffer.from(open, 'ascii'));
  const sealed = Buffer.concat([cipher.update(canonical(personal), 'utf8'), cipher.final()]);
  const parts = [vector, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return `${open}..${parts.join('.')}`;
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
