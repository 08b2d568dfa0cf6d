import { and, desc, eq, gt, isNull, type PlatformTransaction, sql, type TenantId } from '@/db';
import { supportRequests, supportSessions, supportSettings, tenants } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { found } from '@/lib/errors';
import { lookAsStaff } from '@/lib/platform';
import type { SupportDesk } from './contract';
import { requestColumns, sessionColumns, shownRequest, shownSession } from './rows';

/** Sessions and requests shown. */
const latest = 25;

function sessionsOf(tx: PlatformTransaction, tenantId: TenantId) {
  return tx
    .select(sessionColumns)
    .from(supportSessions)
    .where(eq(supportSessions.tenantId, tenantId))
    .orderBy(desc(supportSessions.createdAt))
    .limit(latest);
}

function requestsOf(tx: PlatformTransaction, tenantId: TenantId, { userId }: StaffContext) {
  return tx
    .select(requestColumns)
    .from(supportRequests)
    .where(and(eq(supportRequests.tenantId, tenantId), eq(supportRequests.userId, userId)))
    .orderBy(desc(supportRequests.createdAt))
    .limit(latest);
}

/** Their session here that is under way, if any. */
function openOf(tx: PlatformTransaction, tenantId: TenantId, { userId }: StaffContext) {
  return tx
    .select(sessionColumns)
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
}

/**
 * How support stands in one tenant: its word on it, who looked when and why, what was asked.
 * @throws PublicError `not_found`
 */
export function readSupportDesk(staff: StaffContext, tenantId: TenantId): Promise<SupportDesk> {
  return lookAsStaff(staff, { action: 'support.opened', tenantId }, async (tx) => {
    const [row] = await tx
      .select({
        id: tenants.id,
        name: tenants.name,
        state: tenants.state,
        createdAt: tenants.createdAt,
      })
      .from(tenants)
      .where(eq(tenants.id, tenantId));
    const { createdAt, ...known } = found(row);
    const tenant = { ...known, createdAt: createdAt.toISOString() };
    const [word] = await tx
      .select({ access: supportSettings.access })
      .from(supportSettings)
      .where(eq(supportSettings.tenantId, tenantId));
    const access = word?.access ?? 'open';
    const requests = (await requestsOf(tx, tenantId, staff)).map(shownRequest);
    const [mine] = await openOf(tx, tenantId, staff);
    return {
      tenant,
      access,
      sessions: (await sessionsOf(tx, tenantId)).map(shownSession),
      requests,
      mine: mine ? shownSession(mine) : null,
      mayStart:
        tenant.state === 'active' &&
        (access === 'open' || requests.some(({ state }) => state === 'approved')),
    };
  });
}
