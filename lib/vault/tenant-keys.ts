import { randomBytes } from 'node:crypto';
import { and, desc, eq, type TenantId, type TenantTransaction } from '@/db';
import { tenantKeys } from '@/db/schema';
import { currentKey } from './current-key';
import { VaultError } from './errors';
import { keyBytes, type NamedKey, type SealContext } from './message';

/** Milliseconds that an unwrapped key is kept in memory. */
const cacheFor = 60_000;
/** Keys kept at most; the oldest leaves first. */
const cacheSize = 1_000;

interface Cached {
  readonly key: NamedKey;
  readonly until: number;
}

/**
 * Unwrapped keys by their wrapped text. Which keys a tenant has is always read from the database:
 * a key made in a transaction that was rolled back is never used again, and a deleted one is gone
 * at once.
 */
const unwrapped = new Map<string, Cached>();

/** Drop what is kept in memory; the next use unwraps again. */
export function forgetKeys(): void {
  unwrapped.clear();
}

type Row = typeof tenantKeys.$inferSelect;

const wrapContext = (tenantId: TenantId, id: string): SealContext => ({
  purpose: 'tenant-key',
  tenant: tenantId,
  key: id,
});

async function unwrap(row: Row): Promise<NamedKey> {
  const hit = unwrapped.get(row.wrapped);
  if (hit && hit.until > Date.now()) return hit.key;
  const kek = currentKey();
  if (row.keyEncryptionKeyId !== kek.id) {
    throw new VaultError(
      'key_wrong',
      `An organisation's key was wrapped with ${row.keyEncryptionKeyId}; the key at hand is ${kek.id}.`,
    );
  }
  const bytes = await kek.unwrap(row.wrapped, wrapContext(row.tenantId, row.id));
  const key = { name: row.id, bytes };
  unwrapped.delete(row.wrapped);
  unwrapped.set(row.wrapped, { key, until: Date.now() + cacheFor });
  const oldest = unwrapped.keys().next();
  if (unwrapped.size > cacheSize && !oldest.done) unwrapped.delete(oldest.value);
  return key;
}

const rowsOf = (tx: TenantTransaction, tenantId: TenantId) =>
  tx
    .select()
    .from(tenantKeys)
    .where(eq(tenantKeys.tenantId, tenantId))
    .orderBy(desc(tenantKeys.createdAt), desc(tenantKeys.id));

/** Every key of the tenant, for opening. */
export async function readingKeys(tx: TenantTransaction, tenantId: TenantId): Promise<NamedKey[]> {
  return Promise.all((await rowsOf(tx, tenantId)).map(unwrap));
}

/** The key that new texts of the tenant are sealed with; made when there is none. */
export async function sealingKey(tx: TenantTransaction, tenantId: TenantId): Promise<NamedKey> {
  const rows = await rowsOf(tx, tenantId);
  const current = rows.find((row) => !row.retired);
  return unwrap(current ?? (await createTenantKey(tx, tenantId)));
}

/**
 * Make the tenant's data key, wrapped by the key encryption key. Safe to repeat and to race: the
 * first key has the tenant's own id.
 * @param tx of the tenant, or the one of the sign-up that makes the tenant
 */
export async function createTenantKey(tx: TenantTransaction, tenantId: TenantId): Promise<Row> {
  const kek = currentKey();
  const bytes = randomBytes(keyBytes);
  const wrapped = await kek.wrap(bytes, wrapContext(tenantId, tenantId));
  await tx
    .insert(tenantKeys)
    .values({ tenantId, id: tenantId, wrapped, keyEncryptionKeyId: kek.id })
    .onConflictDoNothing({ target: [tenantKeys.tenantId, tenantKeys.id] });
  const [row] = await tx
    .select()
    .from(tenantKeys)
    .where(and(eq(tenantKeys.tenantId, tenantId), eq(tenantKeys.id, tenantId)));
  if (!row) throw new VaultError('unreadable', "An organisation's key could not be made.");
  return row;
}
