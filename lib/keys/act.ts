import { newId, type TenantId, type TenantTransaction, withTenant } from '@/db';
import { type AuditAction, recordAudit } from '@/lib/audit';
import type { ActingContext } from '@/lib/tenancy';

/** Whoever has the command line of the installation, in one organisation. */
function operatorIn(tenantId: TenantId, requestId: string): ActingContext {
  return { tenantId, actor: { type: 'system', id: null, name: 'Operator' }, requestId };
}

/** An id for one command, by which its events in all organisations are found together. */
export const newCommand = (): string => `keys-${newId()}`;

/** Work on one organisation's keys in a transaction of its own, as the operator. */
export function inTenant<T>(
  tenantId: TenantId,
  command: string,
  work: (tx: TenantTransaction, context: ActingContext) => Promise<T>,
): Promise<T> {
  const context = operatorIn(tenantId, command);
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
