import { type PlatformTransaction, type TenantId, withPlatform } from '@/db';
import { staffAccessLogs } from '@/db/schema';
import type { StaffContext } from '@/lib/access';

/** What staff can look at. Each look is a row of `staff_access_logs`, in the look's transaction. */
export type StaffLook =
  | { readonly action: 'tenants.listed' | 'audit.browsed' | 'outbox.opened' }
  | { readonly action: 'tenant.opened' | 'audit.browsed'; readonly tenantId: TenantId };

/** Look across tenants as staff: no look without its row on record. */
export function lookAsStaff<Found>(
  staff: StaffContext,
  look: StaffLook,
  read: (tx: PlatformTransaction) => Promise<Found>,
): Promise<Found> {
  return withPlatform(async (tx) => {
    await tx.insert(staffAccessLogs).values({
      userId: staff.userId,
      tenantId: 'tenantId' in look ? look.tenantId : null,
      action: look.action,
      requestId: staff.requestId,
    });
    return read(tx);
  });
}
