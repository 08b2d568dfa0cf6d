import { eq, newId, type TenantId, withIdentity } from '@/db';
import { vaultState } from '@/db/schema';
import { ApartStore, insideStore, keyStore, VaultError } from '@/lib/vault';
import { inTenant, newCommand, recordKeys } from './act';

export interface KeyMove {
  readonly to: string;
  /** Keys that the store has now and had not before. */
  readonly copied: number;
  /** Copies in the database that were deleted. */
  readonly deleted: number;
  /** Keys that stay destroyed: the database, out of an old backup, still had them. */
  readonly destroyed: number;
}

function apartStore(): ApartStore {
  const store = keyStore();
  if (store instanceof ApartStore) return store;
  throw new VaultError(
    'key_store_wrong',
    'KEY_STORE_URL is not set: there is nowhere to move the keys to.',
  );
}

/** Have the store belong to this database, and the database know that its keys lie there. */
async function claim(store: ApartStore): Promise<void> {
  await withIdentity(async (tx) => {
    const [own] = await tx.select().from(vaultState).where(eq(vaultState.id, 1));
    if (!own) throw new VaultError('key_state_missing', 'Nothing is sealed yet. Run npm start.');
    const found = await store.foundState();
    if (own.keyStoreId !== null) return void (await store.state(tx));
    if (found) {
      // A database out of a backup from before the move belongs to the store that knows its key.
      if (found.keyEncryptionKeyId === own.keyEncryptionKeyId && found.canary === own.canary) {
        return store.claim(tx, found);
      }
      throw new VaultError(
        'key_store_wrong',
        `${store.where} holds the keys of another database, or of this one wrapped anew since. Give an empty one, or restore a backup from after the move.`,
      );
    }
    const { keyEncryptionKeyId, canary, rotationSince } = own;
    await store.claim(tx, { storeId: newId(), keyEncryptionKeyId, canary, rotationSince });
  });
}

async function copyAll(store: ApartStore): Promise<{ copied: number; tenants: Set<TenantId> }> {
  const keys = await withIdentity((tx) => insideStore.all(tx));
  const tenants = new Set(keys.map(({ tenantId }) => tenantId));
  let copied = 0;
  for (const tenantId of tenants) {
    await inTenant(tenantId, newCommand(), async (tx) => {
      for (const key of await insideStore.keysOf(tx, tenantId)) {
        if (await store.add(tx, key)) copied += 1;
      }
    });
  }
  return { copied, tenants };
}

/** Whether the store has what the database has; false where it was destroyed there. */
async function isThere(store: ApartStore, tenantId: TenantId): Promise<boolean> {
  return inTenant(tenantId, newCommand(), async (tx) => {
    try {
      return (await store.keysOf(tx, tenantId, true)).length > 0;
    } catch (error) {
      if (error instanceof VaultError && error.fault === 'key_shredded') return false;
      throw error;
    }
  });
}

/**
 * Move the wrapped keys out of the database into the store of `KEY_STORE_URL`. First they are copied,
 * and both sides know it; once every process was started with the store, `finish` deletes the copies
 * in the database. Safe to interrupt and to run again.
 * @throws VaultError
 */
export async function moveKeys(finish: boolean): Promise<KeyMove> {
  const store = apartStore();
  const command = newCommand();
  await claim(store);
  const { copied, tenants } = await copyAll(store);
  let deleted = 0;
  let destroyed = 0;
  for (const tenantId of tenants) {
    if (!(await isThere(store, tenantId))) destroyed += 1;
    if (!finish) continue;
    deleted += await inTenant(tenantId, command, async (tx, context) => {
      await recordKeys(tx, context, 'keys.moved', { to: store.where });
      return insideStore.shred(tx, tenantId);
    });
  }
  return { to: store.where, copied, deleted, destroyed };
}

/** Copies that a move left in the database, of how many organisations. */
export async function leftInside(): Promise<number> {
  if (keyStore().place === 'inside') return 0;
  const keys = await withIdentity((tx) => insideStore.all(tx));
  return new Set(keys.map(({ tenantId }) => tenantId)).size;
}
