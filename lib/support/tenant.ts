import {
  and,
  desc,
  eq,
  gt,
  isNull,
  newId,
  type SupportSessionId,
  sql,
  type TenantContext,
  tenantDb,
  withTenant,
} from '@/db';
import { supportRequests, supportSessions, supportSettings } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { found, notFound, PublicError } from '@/lib/errors';
import { can, closeSupport, type MemberContext } from '@/lib/tenancy';
import type { SupportAccess, SupportNow, SupportSessionRow } from './contract';
import { requestColumns, sessionColumns, shownRequest, shownSession } from './rows';

/** Sessions shown in the settings. */
const latest = 50;

/** Who of support looks at this moment, and what waits for an owner's answer. */
export async function supportNow(context: MemberContext): Promise<SupportNow> {
  const db = tenantDb(context);
  const open = db
    .select(sessionColumns)
    .from(supportSessions)
    .where(
      and(
        eq(supportSessions.tenantId, context.tenantId),
        isNull(supportSessions.endedAt),
        gt(supportSessions.endsAt, sql`now()`),
      ),
    )
    .orderBy(desc(supportSessions.createdAt));
  const waiting = db
    .select(requestColumns)
    .from(supportRequests)
    .where(
      and(
        eq(supportRequests.tenantId, context.tenantId),
        isNull(supportRequests.decision),
        gt(supportRequests.expiresAt, sql`now()`),
      ),
    )
    .orderBy(desc(supportRequests.createdAt));
  const answers = can(context.role, 'tenant:manage');
  const [sessions, requests] = await Promise.all([open, answers ? waiting : []]);
  return { sessions: sessions.map(shownSession), requests: requests.map(shownRequest) };
}

/** Every support session there has been, the latest first. */
export async function listSupportSessions(context: TenantContext): Promise<SupportSessionRow[]> {
  const rows = await tenantDb(context)
    .select(sessionColumns)
    .from(supportSessions)
    .where(eq(supportSessions.tenantId, context.tenantId))
    .orderBy(desc(supportSessions.createdAt))
    .limit(latest);
  return rows.map(shownSession);
}

/**
 * End a session of support's now: its next request finds nothing.
 * @throws PublicError `not_found`; `conflict` when it is over already
 */
export function endSupportNow(context: MemberContext, id: SupportSessionId): Promise<void> {
  return withTenant(context, async (tx) => {
    if (await closeSupport(tx, context, id, 'ended_by_tenant')) return;
    const [row] = await tx
      .select({ id: supportSessions.id })
      .from(supportSessions)
      .where(and(eq(supportSessions.tenantId, context.tenantId), eq(supportSessions.id, id)));
    throw row ? new PublicError('conflict', 'That session is over already.') : notFound();
  });
}

/** The organisation's word on support. */
export async function supportAccess(context: TenantContext): Promise<SupportAccess> {
  const [row] = await tenantDb(context)
    .select({ access: supportSettings.access })
    .from(supportSettings)
    .where(eq(supportSettings.tenantId, context.tenantId));
  return row?.access ?? 'open';
}

/**
 * Let support look by itself, or only after an owner's yes. A session under way goes on; it can be
 * ended on its own.
 */
export function setSupportAccess(context: MemberContext, access: SupportAccess): Promise<void> {
  const { tenantId, userId } = context;
  return withTenant(context, async (tx) => {
    const [before] = await tx
      .select({ access: supportSettings.access })
      .from(supportSettings)
      .where(eq(supportSettings.tenantId, tenantId))
      .for('update');
    if ((before?.access ?? 'open') === access) return;
    const [kept] = await tx
      .insert(supportSettings)
      .values({ tenantId, id: newId(), access, changedBy: userId })
      .onConflictDoUpdate({
        target: [supportSettings.tenantId],
        set: { access, changedBy: userId, changedAt: sql`now()` },
      })
      .returning({ id: supportSettings.id });
    found(kept);
    await recordAudit(tx, context, {
      action: 'support.access_changed',
      target: { type: 'tenant', id: tenantId, name: context.tenantName },
      details: { before: before?.access ?? 'open', after: access },
    });
  });
}
