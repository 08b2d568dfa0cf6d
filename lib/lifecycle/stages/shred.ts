import { deletions } from '@/db';
import { countKeys, destroyKeys } from '@/lib/keys';

/** Destroy the tenant's keys where they lie: what is sealed for it opens nowhere any more. */
export async function shred({ id, tenantId, keysDestroyed }: deletions.DeletionRow): Promise<void> {
  // Counted before, so that a process that ends in between has not lost the number.
  if (keysDestroyed === null) {
    await deletions.noteDeletion(id, 'shredding', { keys_destroyed: await countKeys(tenantId) });
  }
  await destroyKeys(tenantId);
}
