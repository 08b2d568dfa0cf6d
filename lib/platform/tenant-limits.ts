import type { z } from 'zod';
import { newId, type TenantId } from '@/db';
import { tenantLimits } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { recordAudit } from '@/lib/audit';
import { PublicError } from '@/lib/errors';
import { enqueueJob } from '@/lib/jobs';
import {
  keptLongerAfter,
  laterRetention,
  limitKeys,
  limitsAt,
  noticeEnds,
  type OwnLimits,
  ownLimitsOf,
  type RetentionSaid,
  retentionChanged,
  retentionKeys,
  retentionSaid,
  type TenantLimits,
  withDefaults,
} from '@/lib/limits';
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
    const now = new Date();
    const said = await retentionSaid({ tenantId }, tx);
    return {
      own: (await ownLimitsOf({ tenantId }, tx)) ?? nothingSaid,
      inForce: limitsAt(said, now),
      later: laterRetention(said, now),
      use: await limitsUsed(tx, tenantId, now),
    };
  });
}

/** A change as its tenant's people are concerned by it. */
function retentionChange(said: RetentionSaid, is: TenantLimits, now: Date) {
  const lowers = retentionKeys.some((key) => is[key] < said.limits[key]);
  const takenBack = laterRetention(said, now).some(({ key }) => is[key] > said.limits[key]);
  return { lowers, toTell: lowers || takenBack };
}

/**
 * Give a tenant other limits; they hold from the next thing that is asked for, but less time to keep
 * things only once its owners had notice of it. On the tenant's record with what was before.
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
    const now = new Date();
    const said = await retentionSaid({ tenantId }, tx);
    const [was, is] = [said.limits, withDefaults(limits)];
    const row = { ...limits, keptLonger: keptLongerAfter(said, is, now), updatedAt: now };
    await tx
      .insert(tenantLimits)
      .values({ tenantId, id: newId() as string, ...row })
      .onConflictDoUpdate({ target: tenantLimits.tenantId, set: row });
    const only = (all: TenantLimits) => Object.fromEntries(changed.map((key) => [key, all[key]]));
    const { lowers, toTell } = retentionChange(said, is, now);
    const context = actingAsStaff(staff, tenantId);
    const event = await recordAudit(tx, context, {
      action: 'limits.changed',
      target: { type: 'tenant', id: tenantId, name: tenant.name },
      details: {
        ...{ before: only(was), after: only(is), reason },
        ...(lowers ? { retentionFrom: noticeEnds(now).toISOString() } : {}),
      },
    });
    if (toTell) await enqueueJob(tx, context, { kind: retentionChanged, subjectId: event });
  });
}
