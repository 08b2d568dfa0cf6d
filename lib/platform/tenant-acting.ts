import { eq, type PlatformTransaction, type TenantId } from '@/db';
import { type TenantState, tenants } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { found } from '@/lib/errors';
import type { ActingContext } from '@/lib/tenancy';

/** Staff acting on a tenant: under their own name, on the tenant's own record. */
export function actingAsStaff(staff: StaffContext, tenantId: TenantId): ActingContext {
  return {
    tenantId,
    actor: { type: 'staff', id: staff.userId, name: staff.name },
    requestId: staff.requestId,
  };
}

/** @throws PublicError `not_found` when there is no such tenant */
export async function requireTenant(tx: PlatformTransaction, tenantId: TenantId): Promise<void> {
  const [tenant] = await tx
    .select({ id: tenants.id })
    .from(tenants)
    .where(eq(tenants.id, tenantId));
  found(tenant);
}

/**
 * The tenant's row, locked: what staff do to a tenant takes turns.
 * @throws PublicError `not_found`
 */
export async function lockTenant(
  tx: PlatformTransaction,
  tenantId: TenantId,
): Promise<{ readonly id: TenantId; readonly name: string; readonly state: TenantState }> {
  const [tenant] = await tx
    .select({ id: tenants.id, name: tenants.name, state: tenants.state })
    .from(tenants)
    .where(eq(tenants.id, tenantId))
    .for('no key update');
  return found(tenant);
}
