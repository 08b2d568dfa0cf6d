import { type PlatformTransaction, type TenantId, withPlatform } from '@/db';
import { staffAccessLogs } from '@/db/schema';
import type { StaffContext } from '@/lib/access';

/** What staff can look at. Each look is a row of `staff_access_logs`, in the look's transaction. */
export type StaffLook =
  | {
      readonly action:
        | 'tenants.listed'
        | 'audit.browsed'
        | 'outbox.opened'
        | QueryLook
        | AccessLook
        | DoctorLook;
    }
  | {
      readonly action: 'tenant.opened' | 'audit.browsed' | 'denials.browsed' | QueryLook;
      readonly tenantId: TenantId;
    };
type QueryLook = 'queries.listed' | 'query.opened';
type DoctorLook = 'doctor.opened' | 'doctor.run';
type AccessLook = 'denials.browsed' | 'alerts.listed' | 'alert.opened' | 'alert.acknowledged';

const acrossTenants = 'the support console looks at all tenants, and the look is on record';

/** Look across tenants as staff: no look without its row on record. */
export function lookAsStaff<Found>(
  staff: StaffContext,
  look: StaffLook,
  read: (tx: PlatformTransaction) => Promise<Found>,
): Promise<Found> {
  const tenantId = 'tenantId' in look ? look.tenantId : null;
  const { userId, requestId } = staff;
  return withPlatform(
    async (tx) => {
      await tx.insert(staffAccessLogs).values({ userId, tenantId, action: look.action, requestId });
      return read(tx);
    },
    tenantId === null ? { acrossTenants } : {},
  );
}
