import { randomBytes } from 'node:crypto';
import { and, eq, type TenantId, type TenantTransaction, withTenant } from '@/db';
import { recordKeys } from '@/db/schema';
import { keyStore, open, seal, VaultError } from '@/lib/vault';
import { keyBytes } from './personal';

/** Milliseconds that a key is used before the vault is asked again: it may have been destroyed. */
const freshFor = 30_000;
/** Keys kept at most; the one opened longest ago leaves first. */
const cacheSize = 5_000;

interface Kept {
  readonly key: Uint8Array;
  readonly at: number;
}

const kept = new Map<TenantId, Kept>();

const bindingOf = (tenantId: TenantId) =>
  ({ kind: 'record', subjectId: tenantId, generation: 1 }) as const;

/** One per tenant: its id is the tenant's. */
const own = (tenantId: TenantId) =>
  and(eq(recordKeys.tenantId, tenantId), eq(recordKeys.id, tenantId));

async function sealedKey(tx: TenantTransaction, tenantId: TenantId): Promise<string | undefined> {
  const [row] = await tx
    .select({ sealed: recordKeys.sealedKey })
    .from(recordKeys)
    .where(own(tenantId));
  return row?.sealed;
}

async function makeKey(tx: TenantTransaction, tenantId: TenantId): Promise<string | undefined> {
  const text = randomBytes(keyBytes).toString('base64');
  const sealed = await seal(tx, { tenantId }, bindingOf(tenantId), text);
  // Who was faster has the key.
  await tx
    .insert(recordKeys)
    .values({ tenantId, id: tenantId, sealedKey: sealed })
    .onConflictDoNothing();
  return sealedKey(tx, tenantId);
}

/** Whether the keys that this text was sealed with were destroyed: others may have been made since. */
async function isDestroyed(tx: TenantTransaction, tenantId: TenantId): Promise<boolean> {
  const [row] = await tx
    .select({ madeAt: recordKeys.createdAt })
    .from(recordKeys)
    .where(own(tenantId));
  const keys = await keyStore().keysOf(tx, tenantId, true);
  return !keys.some(({ createdAt }) => row && createdAt <= row.madeAt);
}

async function load(tenantId: TenantId): Promise<Uint8Array | null> {
  return withTenant({ tenantId }, async (tx) => {
    try {
      const sealed = (await sealedKey(tx, tenantId)) ?? (await makeKey(tx, tenantId)) ?? '';
      const text = await open(tx, { tenantId }, bindingOf(tenantId), sealed);
      return Buffer.from(text, 'base64');
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      if (error.fault === 'key_shredded') return null;
      if (error.fault === 'unreadable' && (await isDestroyed(tx, tenantId))) return null;
      throw error;
    }
  });
}

/**
 * The key that a tenant's personal data on its record is sealed with, made at its first event.
 * @returns null when the tenant's keys were destroyed: nothing personal is sealed any more
 * @throws VaultError
 */
export async function tenantRecordKey(tenantId: TenantId): Promise<Uint8Array | null> {
  const hit = kept.get(tenantId);
  if (hit && Date.now() - hit.at < freshFor) return hit.key;
  const key = await load(tenantId);
  kept.delete(tenantId);
  if (!key) return null;
  kept.set(tenantId, { key, at: Date.now() });
  const oldest = kept.keys().next();
  if (kept.size > cacheSize && !oldest.done) kept.delete(oldest.value);
  return key;
}

/** Drop what is kept in memory. */
export function forgetRecordKeys(): void {
  kept.clear();
}
