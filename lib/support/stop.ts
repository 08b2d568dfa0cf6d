import {
  and,
  eq,
  gt,
  isNull,
  type PlatformTransaction,
  type SupportSessionId,
  sql,
  type TenantId,
  withTenant,
} from '@/db';
import { supportSessions } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { PublicError } from '@/lib/errors';
import { lookAsStaff } from '@/lib/platform';
import { closeSupport } from '@/lib/tenancy';
import { actingStaff } from './acting';
import { activeTenant, knownTenant } from './start';

/** What of theirs is under way in a tenant: one session, unless they began two at the same moment. */
export async function ownOpen(
  tx: PlatformTransaction,
  { userId }: Pick<StaffContext, 'userId'>,
  tenantId: TenantId,
) {
  return tx
    .select({ id: supportSessions.id, writeSince: supportSessions.writeSince })
    .from(supportSessions)
    .where(
      and(
        eq(supportSessions.tenantId, tenantId),
        eq(supportSessions.userId, userId),
        isNull(supportSessions.endedAt),
        gt(supportSessions.endsAt, sql`now()`),
      ),
    )
    .orderBy(supportSessions.createdAt);
}

/**
 * Stop one's own session in a tenant. One that is over already stays as it ended.
 * @throws PublicError `not_found`
 */
export function stopSupport(staff: StaffContext, tenantId: TenantId): Promise<void> {
  return lookAsStaff(staff, { action: 'support.stopped', tenantId }, async (platform) => {
    await knownTenant(platform, tenantId);
    const context = actingStaff(staff, tenantId);
    for (const { id } of await ownOpen(platform, staff, tenantId)) {
      await withTenant(context, (tx) => closeSupport(tx, context, id, 'stopped'));
    }
  });
}

/**
 * Go on in one's own session, in another browser or after leaving it.
 * @returns its id
 * @throws PublicError `not_found`; `conflict` when none is under way
 */
export function resumeSupport(staff: StaffContext, tenantId: TenantId): Promise<SupportSessionId> {
  return lookAsStaff(staff, { action: 'support.resumed', tenantId }, async (platform) => {
    await activeTenant(platform, tenantId);
    const [own] = await ownOpen(platform, staff, tenantId);
    if (!own) throw isOver();
    return own.id;
  });
}

export function isOver(): PublicError {
  return new PublicError('conflict', 'That support session is over.');
}
