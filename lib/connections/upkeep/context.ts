import { newId, type TenantId } from '@/db';
import type { ActingContext } from '@/lib/tenancy';

/** The platform, looking after a tenant's connections by itself. */
export function upkeepContext(tenantId: TenantId): ActingContext {
  return {
    tenantId,
    actor: { type: 'system', id: null, name: 'Tenantry' },
    requestId: `upkeep-${newId()}`,
  };
}
