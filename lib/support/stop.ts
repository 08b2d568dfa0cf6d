import {
  and,
  eq,
  type PlatformTransaction,
  type SupportSessionId,
  type TenantId,
  withTenant,
} from '@/db';
import { supportSessions } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { found, PublicError } from '@/lib/errors';
import { lookAsStaff } from '@/lib/platform';
import { closeSupport } from '@/lib/tenancy';
import { actingStaff } from './acting';

/**
 * Stop one's own session. One that is over already stays as it ended.
 * @throws PublicError `not_found` for another's
 */
export function stopSupport(staff: StaffContext, session: OwnSession): Promise<void> {
  const { tenantId, sessionId } = session;
  const look = { action: 'support.stopped', tenantId, filter: { session: sessionId } } as const;
  return lookAsStaff(staff, look, async (tx) => {
    await requireOwn(tx, staff, session);
    const context = actingStaff(staff, tenantId);
    await withTenant(context, (own) => closeSupport(own, context, sessionId, 'stopped'));
  });
}

/**
 * Go on in one's own session in another browser, or after leaving it there.
 * @throws PublicError `not_found` for another's; `conflict` for one that is over
 */
export function resumeSupport(staff: StaffContext, session: OwnSession): Promise<void> {
  const { tenantId, sessionId } = session;
  const look = { action: 'support.opened', tenantId, filter: { session: sessionId } } as const;
  return lookAsStaff(staff, look, async (tx) => {
    if (await requireOwn(tx, staff, session)) return;
    throw new PublicError('conflict', 'That support session is over.');
  });
}

export interface OwnSession {
  readonly tenantId: TenantId;
  readonly sessionId: SupportSessionId;
}

/** Whether a session of theirs is under way. @throws PublicError `not_found` for another's */
async function requireOwn(
  tx: PlatformTransaction,
  { userId }: StaffContext,
  { tenantId, sessionId }: OwnSession,
): Promise<boolean> {
  const [mine] = await tx
    .select({ endsAt: supportSessions.endsAt, endedAt: supportSessions.endedAt })
    .from(supportSessions)
    .where(
      and(
        eq(supportSessions.tenantId, tenantId),
        eq(supportSessions.id, sessionId),
        eq(supportSessions.userId, userId),
      ),
    );
  const { endsAt, endedAt } = found(mine);
  return endedAt === null && endsAt > new Date();
}
