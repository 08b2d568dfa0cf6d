import { integer, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { controlTable, instant, tenantTable } from './table';

/**
 * The tenant's data keys, wrapped by the key encryption key. Empty where they lie in a store of
 * their own.
 */
export const tenantKeys = tenantTable()(
  'tenant_keys',
  {
    /** Counts the tenant's keys: the highest seals, all of them open. */
    generation: integer('generation').notNull().default(1),
    /** The wrapped key, in the form of what wrapped it. */
    wrapped: text('wrapped').notNull(),
    /** Names the key encryption key that wrapped it. */
    keyEncryptionKeyId: text('key_encryption_key_id').notNull(),
  },
  {
    app: [
      'select',
      'insert',
      { privilege: 'update', columns: ['wrapped', 'key_encryption_key_id'] },
      'delete',
    ],
    identity: ['select', 'insert'],
  },
  (table) => [uniqueIndex('tenant_keys_generation').on(table.tenantId, table.generation)],
);

/** One row: with which key, and where, this database's tenants' keys are wrapped and kept. */
export const vaultState = controlTable(
  'vault_state',
  {
    id: integer('id').primaryKey().default(1),
    /** What new keys of tenants are wrapped with; without meaning while they lie in another store. */
    keyEncryptionKeyId: text('key_encryption_key_id').notNull(),
    /** A known text sealed under that key: opens only with the right one. */
    canary: text('canary').notNull(),
    /** The store of their own that the tenants' keys lie in; null while they lie in this database. */
    keyStoreId: uuid('key_store_id'),
    /** When the exchange of all tenants' keys began that has not ended yet. */
    rotationSince: instant('rotation_since'),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  {
    app: [{ privilege: 'select', columns: ['key_encryption_key_id', 'key_store_id'] }],
    identity: [
      'select',
      'insert',
      {
        privilege: 'update',
        columns: ['key_encryption_key_id', 'canary', 'key_store_id', 'rotation_since'],
      },
    ],
  },
);
