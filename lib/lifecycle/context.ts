import type { DeletionId, TenantId } from '@/db';
import type { ActingContext } from '@/lib/tenancy';

/** The platform, deleting a tenant. */
export function closingContext({
  id,
  tenantId,
}: {
  readonly id: DeletionId;
  readonly tenantId: TenantId;
}): ActingContext {
  return {
    tenantId,
    actor: { type: 'system', id: null, name: 'Tenantry' },
    requestId: `deletion-${id}`,
    closing: true,
  };
}
