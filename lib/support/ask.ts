import { and, eq, gt, isNull, newId, type SupportRequestId, sql, withTenant } from '@/db';
import { memberships, supportRequests, users } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { recordAudit } from '@/lib/audit';
import { env } from '@/lib/env';
import { PublicError } from '@/lib/errors';
import { queueMail } from '@/lib/mail';
import { lookAsStaff } from '@/lib/platform';
import { actingStaff, requestTarget } from './acting';
import { requestHours, type StartSupport } from './contract';
import { activeTenant } from './start';

function letter(tenantName: string, staffName: string, { reason, ticket }: StartSupport) {
  return {
    subject: `${staffName} of Tenantry support asks to look into ${tenantName}`,
    text: [
      `Your organisation wants to be asked before Tenantry support looks into it. ${staffName} asks:`,
      reason,
      ...(ticket ? [`Ticket: ${ticket}`] : []),
      `To answer, sign in and open ${env.APP_URL}/settings/support`,
      `If you approve, a session of 30 minutes may begin within ${requestHours} hours. It looks and changes nothing, you see on every page that it is under way and can end it, and everything that is looked at is on your record. If you do nothing, nobody looks.`,
    ].join('\n\n'),
  };
}

/**
 * Ask the owners of a tenant to let one look. They are written to, and see it in their workspace.
 * @throws PublicError `not_found`; `conflict` when the tenant is not active, or the same person's
 *   question waits already
 */
export function askForSupport(staff: StaffContext, wish: StartSupport): Promise<SupportRequestId> {
  const { tenantId, reason, ticket } = wish;
  const look = { action: 'support.asked', tenantId, filter: { reason, ticket } } as const;
  return lookAsStaff(staff, look, async (platform) => {
    const tenant = await activeTenant(platform, tenantId);
    const context = actingStaff(staff, tenantId);
    return withTenant(context, async (tx) => {
      const [waiting] = await tx
        .select({ id: supportRequests.id })
        .from(supportRequests)
        .where(
          and(
            eq(supportRequests.tenantId, tenantId),
            eq(supportRequests.userId, staff.userId),
            isNull(supportRequests.decision),
            gt(supportRequests.expiresAt, sql`now()`),
          ),
        )
        .limit(1);
      if (waiting)
        throw new PublicError('conflict', 'You have asked already; the owners have yet to answer.');
      const id = newId<SupportRequestId>();
      await tx.insert(supportRequests).values({
        tenantId,
        id,
        userId: staff.userId,
        staffName: staff.name,
        reason,
        ticket: ticket ?? null,
        expiresAt: sql`now() + make_interval(hours => ${requestHours}::integer)`,
      });
      const owners = await tx
        .select({ email: users.email })
        .from(memberships)
        .innerJoin(users, eq(users.id, memberships.userId))
        .where(and(eq(memberships.tenantId, tenantId), eq(memberships.role, 'owner')));
      for (const { email } of owners) {
        await queueMail(tx, context, { to: email, ...letter(tenant.name, staff.name, wish) });
      }
      await recordAudit(tx, context, {
        action: 'support.asked',
        target: requestTarget(id, staff.name),
        details: { reason, ...(ticket ? { ticket } : {}) },
      });
      return id;
    });
  });
}
