import type { z } from 'zod';
import { and, eq, isNull } from '@/db';
import { alerts } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { found, PublicError } from '@/lib/errors';
import { lookAsStaff } from '@/lib/platform';
import type { acknowledgeInput } from './contract';

/**
 * Close an alert with what was found. More of the same opens a new one.
 * @throws PublicError `not_found`; `conflict` when somebody has done so already
 */
export function acknowledge(
  staff: StaffContext,
  { alertId, note }: z.output<typeof acknowledgeInput>,
): Promise<void> {
  const look = { action: 'alert.acknowledged', filter: { alert: alertId } } as const;
  return lookAsStaff(staff, look, async (tx, shows) => {
    const [done] = await tx
      .update(alerts)
      .set({
        acknowledgedAt: new Date(),
        acknowledgedBy: staff.userId,
        acknowledgedName: staff.name,
        note,
      })
      .where(and(eq(alerts.id, alertId), isNull(alerts.acknowledgedAt)))
      .returning({ tenantId: alerts.tenantId });
    if (done) return shows([done.tenantId]);
    const [before] = await tx
      .select({ name: alerts.acknowledgedName, tenantId: alerts.tenantId })
      .from(alerts)
      .where(eq(alerts.id, alertId));
    const { name, tenantId } = found(before);
    shows([tenantId]);
    throw new PublicError('conflict', `${name} has acknowledged this alert already.`);
  });
}
