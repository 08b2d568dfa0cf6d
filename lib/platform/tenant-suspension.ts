import type { z } from 'zod';
import {
  and,
  eq,
  isNull,
  newId,
  type PlatformTransaction,
  type SuspensionId,
  type TenantId,
} from '@/db';
import { tenantDeletions, tenantSuspensions, tenants } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { recordAudit } from '@/lib/audit';
import { PublicError } from '@/lib/errors';
import { enqueueJob } from '@/lib/jobs';
import { suspensionChanged } from '@/lib/suspension/contract';
import { closeAllSupport } from '@/lib/tenancy';
import { lookAsStaff } from './look';
import { actingAsStaff, lockTenant } from './tenant-acting';
import type { resumeInput, suspendInput } from './tenant-contract';

/** Held, its owners could not get in to undo a deletion: one of the staff would have decided it. */
async function refuseInGrace(tx: PlatformTransaction, tenantId: TenantId): Promise<void> {
  const [deletion] = await tx
    .select({ id: tenantDeletions.id })
    .from(tenantDeletions)
    .where(and(eq(tenantDeletions.tenantId, tenantId), isNull(tenantDeletions.endedAt)))
    .limit(1);
  if (!deletion) return;
  throw new PublicError(
    'conflict',
    'It is to be deleted, which its owners can undo only while they get in. A platform admin can stop the deletion first.',
  );
}

/**
 * Hold a tenant, at once: its people are out at their next request, what runs stops at its next step,
 * and all that is asked for waits (`lib/jobs`, and what is due in `db/`). Its owners are written to.
 * @throws PublicError `not_found`; `conflict` when the typed name is another, it is held already, or is
 *   to be deleted
 */
export function suspendTenant(
  staff: StaffContext,
  { tenantId, reason, notice, confirm }: z.output<typeof suspendInput>,
): Promise<void> {
  return lookAsStaff(staff, { action: 'tenant.suspended', tenantId }, async (tx) => {
    const { name, state } = await lockTenant(tx, tenantId);
    if (state !== 'active') {
      throw new PublicError('conflict', 'It is suspended already, or being deleted.');
    }
    await refuseInGrace(tx, tenantId);
    if (confirm !== name) {
      throw new PublicError('conflict', 'The name does not match.', {
        fields: { confirm: 'Type the name exactly as it is shown.' },
      });
    }
    const id = newId<SuspensionId>();
    await tx.update(tenants).set({ state: 'suspended' }).where(eq(tenants.id, tenantId));
    await tx.insert(tenantSuspensions).values({
      ...{ tenantId, id, reason, notice },
      ...{ suspendedBy: staff.userId, suspendedName: staff.name },
    });
    const context = actingAsStaff(staff, tenantId);
    await recordAudit(tx, context, {
      action: 'tenant.suspended',
      target: { type: 'tenant', id: tenantId, name },
      details: { reason, notice },
    });
    await closeAllSupport(tx, context, 'tenant_not_active');
    await enqueueJob(tx, context, { kind: suspensionChanged, subjectId: id });
  });
}

/**
 * Let a held tenant go on where it stopped. Its owners are written to.
 * @throws PublicError `not_found`; `conflict` when it is not suspended
 */
export function resumeTenant(
  staff: StaffContext,
  { tenantId, reason }: z.output<typeof resumeInput>,
): Promise<void> {
  return lookAsStaff(staff, { action: 'tenant.resumed', tenantId }, async (tx) => {
    const { name, state } = await lockTenant(tx, tenantId);
    if (state !== 'suspended') throw new PublicError('conflict', 'It is not suspended.');
    const [open] = await tx
      .update(tenantSuspensions)
      .set({ resumedAt: new Date(), resumedName: staff.name })
      .where(and(eq(tenantSuspensions.tenantId, tenantId), isNull(tenantSuspensions.resumedAt)))
      .returning({ id: tenantSuspensions.id, since: tenantSuspensions.createdAt });
    if (!open) throw new PublicError('conflict', 'It is not suspended.');
    await tx.update(tenants).set({ state: 'active' }).where(eq(tenants.id, tenantId));
    const context = actingAsStaff(staff, tenantId);
    await recordAudit(tx, context, {
      action: 'tenant.resumed',
      target: { type: 'tenant', id: tenantId, name },
      details: { reason, since: open.since.toISOString() },
    });
    await enqueueJob(tx, context, { kind: suspensionChanged, subjectId: open.id });
  });
}
