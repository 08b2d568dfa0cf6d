import { eq, sql, type TenantId, withTenant } from '@/db';
import { tenants, usageStates } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { recordAudit } from '@/lib/audit';
import { found } from '@/lib/errors';
import { lookAsStaff } from '@/lib/platform';
import { type LimitAction, lockState, type UsageFilter, usageCsv, usageIn } from '@/lib/usage';

/**
 * What one tenant used, as its own people see it.
 * @throws PublicError `not_found`
 */
export function tenantUsage(staff: StaffContext, tenantId: TenantId, filter: UsageFilter) {
  return lookAsStaff(staff, { action: 'usage.opened', tenantId, filter }, async (tx) => {
    const [tenant] = await tx
      .select({ id: tenants.id, name: tenants.name, state: tenants.state })
      .from(tenants)
      .where(eq(tenants.id, tenantId));
    return { tenant: found(tenant), report: await usageIn(tx, tenantId, filter) };
  });
}

/**
 * The same as CSV.
 * @throws PublicError `not_found`
 */
export function exportTenantUsage(staff: StaffContext, tenantId: TenantId, filter: UsageFilter) {
  return lookAsStaff(staff, { action: 'usage.exported', tenantId, filter }, async (tx) => {
    const [tenant] = await tx
      .select({ id: tenants.id })
      .from(tenants)
      .where(eq(tenants.id, tenantId));
    found(tenant);
    return usageCsv(await usageIn(tx, tenantId, filter));
  });
}

/**
 * Say what happens when a tenant's runs of a month are used up; in force at once, and on the tenant's
 * own record.
 * @throws PublicError `not_found`
 */
export function setAtLimit(
  staff: StaffContext,
  { tenantId, atLimit }: { readonly tenantId: TenantId; readonly atLimit: LimitAction },
): Promise<void> {
  const look = { action: 'usage.at_limit_set', tenantId, filter: { atLimit } } as const;
  return lookAsStaff(staff, look, async (tx) => {
    const [tenant] = await tx
      .select({ id: tenants.id })
      .from(tenants)
      .where(eq(tenants.id, tenantId));
    found(tenant);
    const context = {
      tenantId,
      actor: { type: 'staff', id: staff.userId, name: staff.name },
      requestId: staff.requestId,
    } as const;
    await withTenant(context, async (own) => {
      const before = found((await lockState(own, tenantId)) ?? undefined);
      if (before.atLimit === atLimit) return;
      await own
        .update(usageStates)
        .set({ atLimit: sql`${atLimit}` })
        .where(eq(usageStates.tenantId, tenantId));
      await recordAudit(own, context, {
        action: 'limits.action_set',
        target: { type: 'limit', id: 'runsPerMonth', name: 'Runs a month' },
        details: { before: before.atLimit, after: atLimit },
      });
    });
  });
}
