import { createHash, createHmac } from 'node:crypto';
import type { TenantId } from './ids';

/**
 * The token that gives a transaction its tenant: 8 characters that name the key, 36 of the tenant's
 * id, 10 of the second it expires at (since 1970), then HMAC-SHA256 over these 54 in base64. Of
 * fixed lengths, so that `current_tenant()` takes it apart without searching.
 */

/** Seconds a token holds. Longer than any clock of ours is off, and than the pause between signings. */
const LIFE = 600;
/** Seconds for which a token is used again, so that most statements cost no signing. */
const REUSE = 300;
/** Tenants whose token is kept; at about 200 bytes each. */
const KEPT = 10_000;

/** The name of a key: it tells keys apart and says nothing of them. */
export function contextKeyId(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 8);
}

/**
 * @param key the installation's context key
 * @param expiresAt in seconds since 1970
 */
export function signContext(key: string, tenantId: TenantId, expiresAt: number): string {
  const claim = `${contextKeyId(key)}${tenantId}${expiresAt}`;
  return claim + createHmac('sha256', key).update(claim).digest('base64');
}

/** A token, and until which second it is used again. */
export interface SignedContext {
  readonly key: string;
  readonly token: string;
  readonly until: number;
}

const signed = new Map<TenantId, SignedContext>();

/** A token for this tenant that holds for at least five more minutes; the same one for as long. */
export function signedContext(key: string, tenantId: TenantId): SignedContext {
  const now = Math.floor(Date.now() / 1_000);
  const known = signed.get(tenantId);
  if (known && known.until > now && known.key === key) return known;
  if (signed.size >= KEPT) signed.clear();
  const made = { key, token: signContext(key, tenantId, now + LIFE), until: now + REUSE };
  signed.set(tenantId, made);
  return made;
}

/** The token alone. */
export function contextToken(key: string, tenantId: TenantId): string {
  return signedContext(key, tenantId).token;
}
