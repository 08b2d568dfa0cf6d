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
/** Tenants whose token is kept, twice over; at about 600 bytes each, with what is made of it. */
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

/**
 * Keep what is made of tenants' tokens: in one place each, since of many tenants none of it is in the
 * processor's caches when it is asked for.
 * @param make what is kept beside a token
 * @returns gives what was made of a tenant's token that holds for at least five more minutes; the same
 *   for as long
 */
export function perToken<Made>(
  make: (token: string) => Made,
): (key: string, tenantId: TenantId) => SignedContext & { readonly made: Made } {
  type Kept = SignedContext & { readonly made: Made };
  let signed = new Map<TenantId, Kept>();
  let earlier: typeof signed = new Map();
  return (key, tenantId) => {
    const now = Math.floor(Date.now() / 1_000);
    const known = signed.get(tenantId) ?? earlier.get(tenantId);
    if (known && known.until > now && known.key === key) return known;
    // Not all at once: with a tenant more than are kept, nearly every statement would cost a signing.
    if (signed.size >= KEPT) [signed, earlier] = [new Map(), signed];
    const token = signContext(key, tenantId, now + LIFE);
    const context = { key, token, until: now + REUSE, made: make(token) };
    signed.set(tenantId, context);
    return context;
  };
}

const signed = perToken(() => undefined);

/** A tenant's token alone; see `perToken`. */
export function contextToken(key: string, tenantId: TenantId): string {
  return signed(key, tenantId).token;
}
