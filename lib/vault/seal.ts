import type { TenantContext, TenantTransaction } from '@/db';
import { VaultError } from './errors';
import {
  type NamedKey,
  openMessage,
  reopenMessage,
  type SealContext,
  sealMessage,
} from './message';
import { keyStore } from './store';
import { readingKeys, sealingKey } from './tenant-keys';

/** What a sealed text is and whose it is; it opens only when all of it is the same again. */
export interface Binding {
  readonly kind: 'credential' | 'consent' | 'mail' | 'export' | 'stream' | 'record';
  /** The connection, consent request, mail, export or stream that it belongs to. */
  readonly subjectId: string;
  /** Counts replacements of the text; an earlier one does not open as the current one. */
  readonly generation: number;
}

const contextOf = ({ tenantId }: TenantContext, binding: Binding): SealContext => ({
  purpose: binding.kind,
  tenant: tenantId,
  subject: binding.subjectId,
  generation: String(binding.generation),
});

/**
 * Seal a text under the tenant's key, bound to what it belongs to.
 * @param tx of this tenant; makes the tenant's key when it has none
 * @returns base64, for a text column
 * @throws VaultError
 */
export async function seal(
  tx: TenantTransaction,
  context: TenantContext,
  binding: Binding,
  plaintext: string,
): Promise<string> {
  const key = await sealingKey(tx, context.tenantId);
  return sealMessage(key, contextOf(context, binding), Buffer.from(plaintext, 'utf8'));
}

/** Open with the keys that are remembered, and once more with those that the store has now. */
async function withReadingKeys<T>(
  tx: TenantTransaction,
  { tenantId }: TenantContext,
  sealed: string,
  attempt: (keys: readonly NamedKey[]) => Promise<T>,
): Promise<T> {
  try {
    return await attempt(await readingKeys(tx, tenantId, sealed));
  } catch (error) {
    const unread = error instanceof VaultError && error.fault === 'unreadable';
    if (!unread || keyStore().place === 'inside') throw error;
    return attempt(await readingKeys(tx, tenantId, sealed, true));
  }
}

/**
 * Open what `seal` made.
 * @throws VaultError `unreadable` when it was altered or is another tenant's, `context_mismatch`
 *   when it belongs to another subject, kind or generation
 */
export async function open(
  tx: TenantTransaction,
  context: TenantContext,
  binding: Binding,
  sealed: string,
): Promise<string> {
  const expected = contextOf(context, binding);
  const opened = await withReadingKeys(tx, context, sealed, (keys) =>
    openMessage(keys, expected, sealed),
  );
  return opened.toString('utf8');
}

/**
 * Seal under the tenant's newest key what an earlier one sealed. What it belongs to stays as it was
 * bound, right or wrong; only that it is this tenant's is checked.
 * @throws VaultError
 */
export async function reseal(
  tx: TenantTransaction,
  context: TenantContext,
  sealed: string,
): Promise<string> {
  const opened = await withReadingKeys(tx, context, sealed, (keys) => reopenMessage(keys, sealed));
  if (opened.context.tenant !== context.tenantId) {
    throw new VaultError('context_mismatch', 'A sealed text belongs to something else.');
  }
  const key = await sealingKey(tx, context.tenantId);
  return sealMessage(key, opened.context, opened.plaintext);
}
