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
import { supportSessions, tenants } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { askApproval } from '@/lib/approvals';
import { recordAudit } from '@/lib/audit';
import { found, PublicError } from '@/lib/errors';
import { lookAsStaff } from '@/lib/platform';
import { actingStaff, sessionTarget } from './acting';

interface Session {
  readonly tenantId: TenantId;
  readonly sessionId: SupportSessionId;
}

function isOver(): PublicError {
  return new PublicError('conflict', 'That support session is over.');
}

/** What is still open of a session. */
const open = ({ tenantId, sessionId }: Session) =>
  and(
    eq(supportSessions.tenantId, tenantId),
    eq(supportSessions.id, sessionId),
    isNull(supportSessions.endedAt),
    gt(supportSessions.endsAt, sql`now()`),
  );

async function tenantNameOf(tx: PlatformTransaction, id: TenantId): Promise<string> {
  const [row] = await tx.select({ name: tenants.name }).from(tenants).where(eq(tenants.id, id));
  return found(row).name;
}

/**
 * Ask a second person of the staff to let one's session mend, on the tenant's record as well.
 * @throws PublicError `conflict` when the session is over, or can mend already
 */
export function askToMend(
  staff: StaffContext,
  { reason, ...session }: Session & { readonly reason: string },
): Promise<void> {
  const { tenantId, sessionId } = session;
  const look = {
    action: 'support.write_asked',
    tenantId,
    filter: { session: sessionId, reason },
  } as const;
  return lookAsStaff(staff, look, async (platform) => {
    const [row] = await platform
      .select({ writeSince: supportSessions.writeSince })
      .from(supportSessions)
      .where(and(open(session), eq(supportSessions.userId, staff.userId)));
    if (!row) throw isOver();
    if (row.writeSince) throw new PublicError('conflict', 'This session may mend already.');
    const tenantName = await tenantNameOf(platform, tenantId);
    const subject = { tenantName, sessionId };
    await askApproval(platform, staff, { kind: 'support.write', tenantId, subject, reason });
    const context = actingStaff(staff, tenantId);
    await withTenant(context, (tx) =>
      recordAudit(tx, context, {
        action: 'support.write_asked',
        target: sessionTarget(sessionId, staff.name),
        details: { reason },
      }),
    );
  });
}

/**
 * Carry out the approval: the session may mend for what is left of its time. For whoever approved it.
 * @returns what came of it, in words
 * @throws PublicError `conflict` when the session is over by now
 */
export function letMend(approver: StaffContext, session: Session): Promise<string> {
  const context = actingStaff(approver, session.tenantId);
  return withTenant(context, async (tx) => {
    const [granted] = await tx
      .update(supportSessions)
      .set({ writeSince: sql`now()`, writeApprovedName: approver.name })
      .where(and(open(session), isNull(supportSessions.writeSince)))
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
