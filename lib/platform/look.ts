import {
  and,
  eq,
  gte,
  isNull,
  type PlatformTransaction,
  sql,
  type TenantId,
  withPlatform,
} from '@/db';
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
      readonly action: 'alerts.listed';
      /** An open page that looks by its own timer, so it says: see `onRecordAlready`. */
      readonly again?: boolean;
    }
  | {
      readonly action: 'tenant.opened' | 'audit.browsed' | 'denials.browsed' | QueryLook;
      readonly tenantId: TenantId;
    };
type QueryLook = 'queries.listed' | 'query.opened';
type DoctorLook = 'doctor.opened' | 'doctor.run';
type AccessLook = 'denials.browsed' | 'alert.opened' | 'alert.acknowledged';

const acrossTenants = 'the support console looks at all tenants, and the look is on record';

/**
 * Whether the same person's same look stands on record within the hour. That a page looks again by
 * itself is for its browser to say, so that it is a hint: whoever says so falsely still has a row to
 * each hour and place.
 */
async function onRecordAlready(
  tx: PlatformTransaction,
  userId: StaffContext['userId'],
  action: StaffLook['action'],
): Promise<boolean> {
  const [row] = await tx
    .select({ id: staffAccessLogs.id })
    .from(staffAccessLogs)
    .where(
      and(
        isNull(staffAccessLogs.tenantId),
        gte(staffAccessLogs.at, sql`now() - interval '1 hour'`),
        eq(staffAccessLogs.userId, userId),
        eq(staffAccessLogs.action, action),
      ),
    )
    .limit(1);
  return row !== undefined;
}

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
      if ('again' in look && look.again && (await onRecordAlready(tx, userId, look.action))) {
        return read(tx);
      }
      await tx.insert(staffAccessLogs).values({ userId, tenantId, action: look.action, requestId });
      return read(tx);
    },
    tenantId === null ? { acrossTenants } : {},
  );
}
