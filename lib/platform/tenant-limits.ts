import type { z } from 'zod';
import { newId, type TenantId } from '@/db';
import { tenantLimits } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { recordAudit } from '@/lib/audit';
import { PublicError } from '@/lib/errors';
import { limitKeys, type OwnLimits, ownLimitsOf, withDefaults } from '@/lib/limits';
import { limitsUsed } from '@/lib/usage';
import { lookAsStaff } from './look';
import { actingAsStaff, lockTenant, requireTenant } from './tenant-acting';
import type { limitsInput, TenantLimitsView } from './tenant-contract';

const nothingSaid = Object.fromEntries(limitKeys.map((key) => [key, null])) as unknown as OwnLimits;

/** @throws PublicError `not_found` */
export function readTenantLimits(
  staff: StaffContext,
  tenantId: TenantId,
): Promise<TenantLimitsView> {
  return lookAsStaff(staff, { action: 'tenant.limits_opened', tenantId }, async (tx) => {
    await requireTenant(tx, tenantId);
    const own = await ownLimitsOf({ tenantId }, tx);
    return {
      own: own ?? nothingSaid,
      inForce: withDefaults(own),
      use: await limitsUsed(tx, tenantId, new Date()),
    };
  });
}

/**
 * Give a tenant other limits; they hold from the next thing that is asked for. On the tenant's record
 * with what was before.
 * @throws PublicError `not_found`; `conflict` when nothing would change
 */
export function changeTenantLimits(
  staff: StaffContext,
  { tenantId, limits, reason }: z.output<typeof limitsInput>,
): Promise<void> {
  return lookAsStaff(staff, { action: 'tenant.limits_changed', tenantId }, async (tx) => {
    const tenant = await lockTenant(tx, tenantId);
    const before = (await ownLimitsOf({ tenantId }, tx)) ?? nothingSaid;
    const changed = limitKeys.filter((key) => before[key] !== limits[key]);
    if (changed.length === 0) {
      throw new PublicError('conflict', 'These are the limits it has now.');
    }
    const row = { ...limits, updatedAt: new Date() };
    await tx
      .insert(tenantLimits)
      .values({ tenantId, id: newId() as string, ...row })
      .onConflictDoUpdate({ target: tenantLimits.tenantId, set: row });
    const [was, is] = [withDefaults(before), withDefaults(limits)];
    const only = (all: typeof was) => Object.fromEntries(changed.map((key) => [key, all[key]]));
    await recordAudit(tx, actingAsStaff(staff, tenantId), {
      action: 'limits.changed',
      target: { type: 'tenant', id: tenantId, name: tenant.name },
      details: { before: only(was), after: only(is), reason },
    });
  });
}
