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
  return lookAsStaff(staff, { action: 'alert.acknowledged' }, async (tx) => {
    const [done] = await tx
      .update(alerts)
      .set({
        acknowledgedAt: new Date(),
        acknowledgedBy: staff.userId,
        acknowledgedName: staff.name,
        note,
      })
      .where(and(eq(alerts.id, alertId), isNull(alerts.acknowledgedAt)))
      .returning({ id: alerts.id });
    if (done) return;
    const [before] = await tx
      .select({ name: alerts.acknowledgedName })
      .from(alerts)
      .where(eq(alerts.id, alertId));
    throw new PublicError('conflict', `${found(before).name} has acknowledged this alert already.`);
  });
}
