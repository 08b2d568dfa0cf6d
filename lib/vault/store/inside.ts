import { acrossTenants, and, desc, eq } from '@/db';
import { tenantKeys, vaultState } from '@/db/schema';
import { VaultError } from '../errors';
import type { KeyStore } from './store';

const { tenantId, id, generation, wrapped, keyEncryptionKeyId, createdAt } = tenantKeys;
const named = { tenantId, id, generation, keyEncryptionKeyId, createdAt };

/** A key made here now would be another than the one that is made there. */
const keysMoved = () =>
  new VaultError(
    'key_store_wrong',
    'The keys of this database were moved to a store of their own. Set KEY_STORE_URL, and start again.',
  );

/**
 * The embedded default: the wrapped keys lie beside what they seal. Always read from the database:
 * a key made in a transaction that was rolled back is never used again, and a deleted one is gone at
 * once.
 */
export const insideStore: KeyStore = {
  place: 'inside',
  where: 'this database, and every backup of it',
  async state(tx) {
    const [row] = await tx.select().from(vaultState);
    if (row?.keyStoreId) throw keysMoved();
    return row;
  },
  async setState(tx, state) {
    await tx
      .insert(vaultState)
      .values(state)
      .onConflictDoUpdate({ target: [vaultState.id], set: { ...state } });
  },
  async wrappingKeyId(tx) {
    const { keyEncryptionKeyId: by, keyStoreId } = vaultState;
    const [row] = await tx.select({ by, keyStoreId }).from(vaultState);
    if (row?.keyStoreId) throw keysMoved();
    return row?.by;
  },
  keysOf: (tx, tenant) =>
    tx
      .select({ ...named, wrapped })
      .from(tenantKeys)
      .where(eq(tenantId, tenant))
      .orderBy(desc(generation)),
  async add(tx, key) {
    const added = await tx.insert(tenantKeys).values(key).onConflictDoNothing().returning({ id });
    return added.length === 1;
  },
  async rewrap(tx, key, text, by) {
    const changed = await tx
      .update(tenantKeys)
      .set({ wrapped: text, keyEncryptionKeyId: by })
      .where(and(eq(tenantId, key.tenantId), eq(id, key.id), eq(wrapped, key.wrapped)))
      .returning({ id });
    return changed.length === 1;
  },
  async shred(tx, tenant) {
    return (await tx.delete(tenantKeys).where(eq(tenantId, tenant)).returning({ id })).length;
  },
  all: (tx) =>
    tx
      .select(named)
      .from(tenantKeys)
      .where(acrossTenants('the operator looks at which keys there are'))
      .orderBy(tenantId, generation),
  // Its connections are the doors' own.
  end: async () => {},
};
