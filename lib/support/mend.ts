import { and, eq, gt, isNull, type SupportSessionId, sql, type TenantId, withTenant } from '@/db';
import { supportSessions } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { askApproval } from '@/lib/approvals';
import { recordAudit } from '@/lib/audit';
import { PublicError } from '@/lib/errors';
import { lookAsStaff } from '@/lib/platform';
import { actingStaff, sessionTarget } from './acting';
import { activeTenant } from './start';
import { isOver, ownOpen } from './stop';

interface Session {
  readonly tenantId: TenantId;
  readonly sessionId: SupportSessionId;
}

/**
 * Ask a second person of the staff to let one's session in a tenant mend; on the tenant's record too.
 * @throws PublicError `not_found`; `conflict` when no session is under way, or it can mend already
 */
export function askToMend(
  staff: StaffContext,
  { tenantId, reason }: { readonly tenantId: TenantId; readonly reason: string },
): Promise<void> {
  const look = { action: 'support.write_asked', tenantId, filter: { reason } } as const;
  return lookAsStaff(staff, look, async (platform) => {
    const { name: tenantName } = await activeTenant(platform, tenantId);
    const [own] = await ownOpen(platform, staff, tenantId);
    if (!own) throw isOver();
    if (own.writeSince) throw new PublicError('conflict', 'This session may mend already.');
    const subject = { tenantName, sessionId: own.id };
    await askApproval(platform, staff, { kind: 'support.write', tenantId, subject, reason });
    const context = actingStaff(staff, tenantId);
    await withTenant(context, (tx) =>
      recordAudit(tx, context, {
        action: 'support.write_asked',
        target: sessionTarget(own.id, staff.name),
        details: { reason },
      }),
    );
  });
}

/** Who approved it. */
type Approver = Pick<StaffContext, 'userId' | 'name' | 'requestId'>;

/**
 * Carry out the approval: the session may mend for what is left of its time.
 * @param approver under whose name it stands on the tenant's record
 * @returns what came of it, in words
 * @throws PublicError `conflict` when the session is over by now
 */
export function letMend(approver: Approver, session: Session): Promise<string> {
  const context = actingStaff(approver, session.tenantId);
  return withTenant(context, async (tx) => {
    const [granted] = await tx
      .update(supportSessions)
      .set({ writeSince: sql`now()`, writeApprovedName: approver.name })
      .where(
        and(
          eq(supportSessions.tenantId, session.tenantId),
          eq(supportSessions.id, session.sessionId),
          isNull(supportSessions.endedAt),
          gt(supportSessions.endsAt, sql`now()`),
          isNull(supportSessions.writeSince),
        ),
      )
      .returning({ staffName: supportSessions.staffName, endsAt: supportSessions.endsAt });
    if (!granted) throw isOver();
    await recordAudit(tx, context, {
      action: 'support.write_granted',
      target: sessionTarget(session.sessionId, granted.staffName),
      details: { until: granted.endsAt.toISOString(), may: 'mend' },
    });
    return `${granted.staffName} may mend until the session ends.`;
  });
}
