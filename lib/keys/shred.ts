import { eq, type TenantId, withIdentity, withTenant } from '@/db';
import { tenants } from '@/db/schema';
import { insideStore, keyStore, VaultError } from '@/lib/vault';
import { inTenant, type KeyActor, newCommand, recordKeys } from './act';

export interface Shredding {
  readonly name: string;
  /** Keys destroyed. */
  readonly keys: number;
  /** Backups of the database hold none of them. */
  readonly backupsToo: boolean;
}

/**
 * An organisation by its id.
 * @throws VaultError when there is none
 */
export async function nameOfTenant(tenantId: TenantId): Promise<string> {
  const [row] = await withIdentity((tx) =>
    tx.select({ name: tenants.name }).from(tenants).where(eq(tenants.id, tenantId)),
  );
  if (row) return row.name;
  throw new VaultError('unreadable', `There is no organisation ${tenantId}.`);
}

/**
 * Destroy an organisation's keys: what is sealed for it, here and in every backup of the database
 * made since its keys lie apart, cannot be opened by anybody any more. There is no way back.
 * @param by who stands on its record for it: an operator unless said otherwise
 * @throws VaultError
 */
export async function shredKeys(
  tenantId: TenantId,
  by: KeyActor | string = newCommand(),
): Promise<Shredding> {
  const name = await nameOfTenant(tenantId);
  const store = keyStore();
  return inTenant(tenantId, by, async (tx, context) => {
    await recordKeys(tx, context, 'keys.shredded', { store: store.place });
    // Copies that a move has not deleted yet.
    if (store.place === 'apart') await insideStore.shred(tx, tenantId);
    const keys = await store.shred(tx, tenantId);
    return { name, keys, backupsToo: store.place === 'apart' };
  });
}

/** How many keys an organisation has that could still be destroyed. @throws VaultError */
export async function countKeys(tenantId: TenantId): Promise<number> {
  try {
    return await withTenant({ tenantId }, async (tx) => {
      return (await keyStore().keysOf(tx, tenantId, true)).length;
    });
  } catch (error) {
    if (error instanceof VaultError && error.fault === 'key_shredded') return 0;
    throw error;
  }
}

/**
 * Destroy the keys of an organisation that is being erased: not on its record, which goes next.
 * @throws VaultError
 */
export async function destroyKeys(tenantId: TenantId): Promise<void> {
  const store = keyStore();
  await withTenant({ tenantId }, async (tx) => {
    if (store.place === 'apart') await insideStore.shred(tx, tenantId);
    await store.shred(tx, tenantId);
  });
}
