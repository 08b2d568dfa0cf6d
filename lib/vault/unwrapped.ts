import type { StoredKey, TenantId } from '@/db';
import { keyById } from './current-key';
import { VaultError } from './errors';
import type { NamedKey, SealContext } from './message';

/** Milliseconds that an unwrapped key is used before its service is asked again: it may refuse now. */
const freshFor = 300_000;
/** Milliseconds that it is used at most while the service does not answer. */
const staleFor = 8 * 3_600_000;
/** Milliseconds that a service which did not answer is left alone, so that calls do not queue up. */
const restFor = 10_000;
/** Keys kept at most; the one unwrapped longest ago leaves first. */
const cacheSize = 5_000;

interface Cached {
  readonly key: NamedKey;
  readonly at: number;
}

/** By their wrapped text: which of them a tenant has is for its store to say. */
const unwrapped = new Map<string, Cached>();
/** Under way, so that many calls at once ask once. */
const pending = new Map<string, Promise<NamedKey>>();
/** Services that did not answer, by key id, and until when they are left alone. */
const resting = new Map<string, { readonly until: number; readonly error: VaultError }>();

/** Drop what is kept in memory; the next use unwraps again. */
export function forgetKeys(): void {
  unwrapped.clear();
  resting.clear();
}

/** What a tenant's key is bound to by what wraps it. */
export const wrapContext = (tenantId: TenantId, id: string): SealContext => ({
  purpose: 'tenant-key',
  tenant: tenantId,
  key: id,
});

const isOutage = (error: unknown): error is VaultError =>
  error instanceof VaultError && error.fault === 'key_service_unavailable';

async function ask(row: StoredKey): Promise<NamedKey> {
  const kek = keyById(row.keyEncryptionKeyId);
  const rest = resting.get(kek.id);
  if (rest && rest.until > Date.now()) throw rest.error;
  try {
    const bytes = await kek.unwrap(row.wrapped, wrapContext(row.tenantId, row.id));
    resting.delete(kek.id);
    return { name: row.id, bytes };
  } catch (error) {
    if (isOutage(error)) resting.set(kek.id, { until: Date.now() + restFor, error });
    throw error;
  }
}

async function refresh(row: StoredKey): Promise<NamedKey> {
  const key = await ask(row);
  unwrapped.delete(row.wrapped);
  unwrapped.set(row.wrapped, { key, at: Date.now() });
  const oldest = unwrapped.keys().next();
  if (unwrapped.size > cacheSize && !oldest.done) unwrapped.delete(oldest.value);
  return key;
}

/**
 * A tenant's key, from memory where it was unwrapped lately. While the key service does not answer,
 * what was unwrapped before goes on working; a service that refuses is obeyed at once.
 * @throws VaultError
 */
export async function unwrap(row: StoredKey): Promise<NamedKey> {
  const hit = unwrapped.get(row.wrapped);
  const age = hit ? Date.now() - hit.at : Number.POSITIVE_INFINITY;
  if (hit && age < freshFor) return hit.key;
  const asked = pending.get(row.wrapped) ?? refresh(row);
  pending.set(row.wrapped, asked);
  try {
    return await asked;
  } catch (error) {
    if (hit && age < staleFor && isOutage(error)) return hit.key;
    unwrapped.delete(row.wrapped);
    throw error;
  } finally {
    pending.delete(row.wrapped);
  }
}
