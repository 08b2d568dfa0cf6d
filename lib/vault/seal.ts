import type { TenantContext, TenantTransaction } from '@/db';
import { openMessage, type SealContext, sealMessage } from './message';
import { readingKeys, sealingKey } from './tenant-keys';

/** What a sealed text is and whose it is; it opens only when all of it is the same again. */
export interface Binding {
  readonly kind: 'credential' | 'consent' | 'mail';
  /** The connection, consent request or mail that it belongs to. */
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
  const keys = await readingKeys(tx, context.tenantId);
  return (await openMessage(keys, contextOf(context, binding), sealed)).toString('utf8');
}
