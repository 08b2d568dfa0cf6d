import { randomBytes } from 'node:crypto';
import { newId, type StoredKey, type TenantId, type TenantTransaction } from '@/db';
import { keyById, keyRing } from './current-key';
import { VaultError } from './errors';
import type { KeyEncryptionKey } from './key-encryption-key';
import { keyBytes, type NamedKey } from './message';
import { keyStore, type VaultTransaction } from './store';
import { unwrap, wrapContext } from './unwrapped';

/** Base64 digits of a message in which its header names the key: a few hundred bytes of them. */
const headerDigits = 2_048;

/**
 * The keys that a sealed message may be opened with: those it names. A key's id stands in the
 * message's header as it is; the first key's is the tenant's own, which stands in every header.
 * @param fresh not from what is remembered of a store apart: another process may have made a key
 */
export async function readingKeys(
  tx: TenantTransaction,
  tenantId: TenantId,
  message: string,
  fresh = false,
): Promise<NamedKey[]> {
  const header = Buffer.from(message.slice(0, headerDigits), 'base64');
  const rows = await keyStore().keysOf(tx, tenantId, fresh);
  const named = rows.filter(({ id }) => header.includes(id));
  const later = named.filter(({ id }) => id !== tenantId);
  return Promise.all((later.length > 0 ? later : named).map(unwrap));
}

/** The key that new texts of the tenant are sealed with; made when there is none. */
export async function sealingKey(tx: TenantTransaction, tenantId: TenantId): Promise<NamedKey> {
  const [newest] = await keyStore().keysOf(tx, tenantId);
  return unwrap(newest ?? (await createTenantKey(tx, tenantId)));
}

/** What new keys are wrapped with: all processes agree on it by the store, not by their settings. */
export async function wrappingKey(tx: VaultTransaction): Promise<KeyEncryptionKey> {
  const id = await keyStore().wrappingKeyId(tx);
  return id ? keyById(id) : keyRing().wanted;
}

async function addKey(
  tx: VaultTransaction,
  tenantId: TenantId,
  id: string,
  generation: number,
): Promise<boolean> {
  const kek = await wrappingKey(tx);
  const wrapped = await kek.wrap(randomBytes(keyBytes), wrapContext(tenantId, id));
  return keyStore().add(tx, { tenantId, id, generation, wrapped, keyEncryptionKeyId: kek.id });
}

/**
 * Make the tenant's data key, wrapped by the key encryption key. Safe to repeat and to race: the
 * first key has the tenant's own id.
 * @param tx of the tenant, or the one of the sign-up that makes the tenant
 * @throws VaultError `key_shredded` where it had one
 */
export async function createTenantKey(
  tx: VaultTransaction,
  tenantId: TenantId,
): Promise<StoredKey> {
  await addKey(tx, tenantId, tenantId, 1);
  const [row] = await keyStore().keysOf(tx, tenantId, true);
  if (!row) throw new VaultError('unreadable', "An organisation's key could not be made.");
  return row;
}

/**
 * Make the tenant's next key: from now on it seals, and those before it only open.
 * @returns its generation; that of a sibling which was faster
 */
export async function nextTenantKey(tx: TenantTransaction, tenantId: TenantId): Promise<number> {
  const [newest] = await keyStore().keysOf(tx, tenantId, true);
  const generation = (newest?.generation ?? 0) + 1;
  await addKey(tx, tenantId, newest ? newId() : tenantId, generation);
  return generation;
}

/**
 * Wrap every key of the tenant with the key that wraps now. What is wrapped so already is left as it
 * is; one that was changed meanwhile is left to whoever changed it.
 * @returns how many were wrapped anew
 */
export async function rewrapTenantKeys(tx: TenantTransaction, tenantId: TenantId): Promise<number> {
  const kek = await wrappingKey(tx);
  let done = 0;
  for (const row of await keyStore().keysOf(tx, tenantId, true)) {
    if (row.keyEncryptionKeyId === kek.id) continue;
    const { bytes } = await unwrap(row);
    const wrapped = await kek.wrap(bytes, wrapContext(tenantId, row.id));
    if (await keyStore().rewrap(tx, row, wrapped, kek.id)) done += 1;
  }
  return done;
}
