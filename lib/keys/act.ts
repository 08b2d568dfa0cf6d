import { newId, type TenantId, type TenantTransaction, withTenant } from '@/db';
import { type AuditAction, recordAudit } from '@/lib/audit';
import type { ActingContext } from '@/lib/tenancy';

/** Who acts on an organisation's keys, and by what it is found on the record. */
export type KeyActor = Pick<ActingContext, 'actor' | 'requestId'>;

/** Whoever has the command line of the installation. */
const asOperator = (requestId: string): KeyActor => ({
  actor: { type: 'system', id: null, name: 'Operator' },
  requestId,
});

/** An id for one command, by which its events in all organisations are found together. */
export const newCommand = (): string => `keys-${newId()}`;

/**
 * Work on one organisation's keys in a transaction of its own.
 * @param by somebody, or the id of an operator's command
 */
export function inTenant<T>(
  tenantId: TenantId,
  by: KeyActor | string,
  work: (tx: TenantTransaction, context: ActingContext) => Promise<T>,
): Promise<T> {
  const context = { tenantId, ...(typeof by === 'string' ? asOperator(by) : by) };
  return withTenant(context, (tx) => work(tx, context));
}

/** Put on an organisation's record what was done to its keys. */
export async function recordKeys(
  tx: TenantTransaction,
  context: ActingContext,
  action: Extract<AuditAction, `keys.${string}`>,
  details: Readonly<Record<string, string | number>>,
): Promise<void> {
  const target = { type: 'tenant_key', id: context.tenantId, name: 'Keys of the organisation' };
  await recordAudit(tx, context, { action, target, details });
}
