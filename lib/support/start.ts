import {
  and,
  eq,
  gt,
  isNull,
  newId,
  type PlatformTransaction,
  type SupportRequestId,
  type SupportSessionId,
  sql,
  type TenantId,
  type TenantTransaction,
  withTenant,
} from '@/db';
import { supportRequests, supportSessions, supportSettings, tenants } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { recordAudit } from '@/lib/audit';
import { found, PublicError } from '@/lib/errors';
import { enqueueJob } from '@/lib/jobs';
import { lookAsStaff } from '@/lib/platform';
import type { ActingContext } from '@/lib/tenancy';
import { actingStaff, sessionTarget } from './acting';
import { type StartSupport, sessionMinutes } from './contract';

/** The event by which a session is ended when its time is up. */
export const supportStarted = 'support/started';

/** @throws PublicError `not_found` */
export async function knownTenant(tx: PlatformTransaction, id: TenantId) {
  const [row] = await tx
    .select({ name: tenants.name, state: tenants.state })
    .from(tenants)
    .where(eq(tenants.id, id));
  return found(row);
}

/** @throws PublicError `not_found`; `conflict` for a tenant that nobody can look into now */
export async function activeTenant(tx: PlatformTransaction, id: TenantId) {
  const tenant = await knownTenant(tx, id);
  if (tenant.state !== 'active') {
    throw new PublicError('conflict', `${tenant.name} is ${tenant.state}: nobody can be in it.`);
  }
  return tenant;
}

/** An owner's yes that can be used now, if the tenant wants to be asked. */
async function takeLeave(
  tx: TenantTransaction,
  { tenantId }: ActingContext,
  { userId }: StaffContext,
): Promise<SupportRequestId | null> {
  const [word] = await tx
    .select({ access: supportSettings.access })
    .from(supportSettings)
    .where(eq(supportSettings.tenantId, tenantId))
    .for('share');
  if (word?.access !== 'ask') return null;
  const [request] = await tx
    .select({ id: supportRequests.id })
    .from(supportRequests)
    .where(
      and(
        eq(supportRequests.tenantId, tenantId),
        eq(supportRequests.userId, userId),
        eq(supportRequests.decision, 'approved'),
        isNull(supportRequests.usedAt),
        gt(supportRequests.expiresAt, sql`now()`),
      ),
    )
    .limit(1)
    .for('update');
  if (!request) {
    throw new PublicError(
      'conflict',
      'This organisation wants to be asked first. Ask its owners; you are told here once they answered.',
    );
  }
  await tx
    .update(supportRequests)
    .set({ usedAt: sql`now()` })
    .where(and(eq(supportRequests.tenantId, tenantId), eq(supportRequests.id, request.id)));
  return request.id;
}

/** One person is in one session of a tenant at a time. */
async function requireNoneOpen(
  tx: TenantTransaction,
  { tenantId }: ActingContext,
  { userId }: StaffContext,
): Promise<void> {
  const [open] = await tx
    .select({ id: supportSessions.id })
    .from(supportSessions)
    .where(
      and(
        eq(supportSessions.tenantId, tenantId),
        eq(supportSessions.userId, userId),
        isNull(supportSessions.endedAt),
        gt(supportSessions.endsAt, sql`now()`),
      ),
    )
    .limit(1);
  if (open)
    throw new PublicError(
      'conflict',
      'You are in a session here already. Go on in it, or stop it.',
    );
}

/**
 * Begin a support session: half an hour, to look and not to touch, on the tenant's record.
 * @returns its id
 * @throws PublicError `not_found`; `conflict` when the tenant is not active, wants to be asked first,
 *   or the same person is in it already
 */
export function startSupport(
  staff: StaffContext,
  { tenantId, reason, ticket }: StartSupport,
): Promise<SupportSessionId> {
  const look = { action: 'support.started', tenantId, filter: { reason, ticket } } as const;
  return lookAsStaff(staff, look, async (platform) => {
    await activeTenant(platform, tenantId);
    const context = actingStaff(staff, tenantId);
    return withTenant(context, async (tx) => {
      await requireNoneOpen(tx, context, staff);
      const leave = await takeLeave(tx, context, staff);
      const id = newId<SupportSessionId>();
      const [begun] = await tx
        .insert(supportSessions)
        .values({
          tenantId,
          id,
          userId: staff.userId,
          staffName: staff.name,
          staffRole: staff.role,
          reason,
          ticket: ticket ?? null,
          endsAt: sql`now() + make_interval(mins => ${sessionMinutes}::integer)`,
        })
        .returning({ endsAt: supportSessions.endsAt });
      await recordAudit(tx, context, {
        action: 'support.started',
        target: sessionTarget(id, staff.name),
        details: {
          reason,
          ...(ticket ? { ticket } : {}),
          ...(leave ? { approvedRequest: leave } : {}),
          until: begun?.endsAt.toISOString(),
          may: 'look',
        },
      });
      await enqueueJob(tx, context, { kind: supportStarted, subjectId: id });
      return id;
    });
  });
}
