import {
  and,
  eq,
  isNull,
  type SupportSessionId,
  sql,
  type TenantId,
  type TenantTransaction,
  type UserId,
  withIdentity,
  withTenant,
} from '@/db';
import { type SupportEnding, staff, supportSessions, tenants, users } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import type { ActingContext } from './context';
import type { SupportEntry } from './contract';

/** Who asks to be in which support session, by claims that we sealed. */
export interface SupportAsking {
  readonly tenantId: TenantId;
  readonly sessionId: SupportSessionId;
  readonly userId: UserId;
  readonly sessionVersion: number;
}

/** A support session that holds now. */
export interface OpenSupport {
  readonly entry: SupportEntry;
  readonly tenantName: string;
  readonly email: string;
}

/** As the row, the tenant and the person stand now; longer than half an hour it never is. */
async function look({ tenantId, sessionId, userId }: SupportAsking) {
  const [row] = await withIdentity((tx) =>
    tx
      .select({
        id: supportSessions.id,
        staffName: supportSessions.staffName,
        roleThen: supportSessions.staffRole,
        reason: supportSessions.reason,
        ticket: supportSessions.ticket,
        startedAt: supportSessions.createdAt,
        endsAt: supportSessions.endsAt,
        endedAt: supportSessions.endedAt,
        writeSince: supportSessions.writeSince,
        timeIsUp: sql<boolean>`least(${supportSessions.endsAt}, ${supportSessions.createdAt} + interval '30 minutes') <= now()`,
        tenantName: tenants.name,
        tenantState: tenants.state,
        email: users.email,
        sessionVersion: users.sessionVersion,
        roleNow: staff.role,
      })
      .from(supportSessions)
      .innerJoin(tenants, eq(tenants.id, supportSessions.tenantId))
      .innerJoin(users, eq(users.id, supportSessions.userId))
      .leftJoin(staff, eq(staff.userId, supportSessions.userId))
      .where(
        and(
          eq(supportSessions.tenantId, tenantId),
          eq(supportSessions.id, sessionId),
          eq(supportSessions.userId, userId),
        ),
      )
      .limit(1),
  );
  return row;
}

type Row = NonNullable<Awaited<ReturnType<typeof look>>>;

function endingOf(row: Row, { sessionVersion }: SupportAsking): SupportEnding | null {
  if (row.timeIsUp) return 'time';
  if (row.tenantState !== 'active') return 'tenant_not_active';
  if (row.roleNow !== row.roleThen) return 'staff_changed';
  return row.sessionVersion === sessionVersion ? null : 'signed_out';
}

/**
 * The support session behind verified claims; asked on every request. One that is found to be over
 * is ended on the tenant's record by whoever finds it so first.
 * @returns null when it does not hold, for whatever reason
 */
export async function loadSupport(asking: SupportAsking): Promise<OpenSupport | null> {
  const row = await look(asking);
  if (!row || row.endedAt) return null;
  const ending = endingOf(row, asking);
  if (ending) {
    await endSupport(asking.tenantId, asking.sessionId, ending);
    return null;
  }
  const { id, staffName, reason, ticket, startedAt, endsAt, writeSince } = row;
  return {
    entry: {
      id,
      staffName,
      reason,
      ticket,
      startedAt: startedAt.toISOString(),
      endsAt: endsAt.toISOString(),
      mends: writeSince !== null,
    },
    tenantName: row.tenantName,
    email: row.email,
  };
}

/**
 * End a support session and put that on the tenant's record, once.
 * @param context who ends it
 * @returns whether it was still open
 */
export async function closeSupport(
  tx: TenantTransaction,
  context: ActingContext,
  id: SupportSessionId,
  ending: SupportEnding,
): Promise<boolean> {
  const byItself = context.actor.type === 'system';
  const [ended] = await tx
    .update(supportSessions)
    .set({
      // By time it was over before anybody looked.
      endedAt: sql`least(now(), ${supportSessions.endsAt})`,
      ending,
      ...(byItself ? {} : { endedName: context.actor.name }),
    })
    .where(
      and(
        eq(supportSessions.tenantId, context.tenantId),
        eq(supportSessions.id, id),
        isNull(supportSessions.endedAt),
      ),
    )
    .returning({
      staffName: supportSessions.staffName,
      startedAt: supportSessions.createdAt,
      endedAt: supportSessions.endedAt,
    });
  if (!ended) return false;
  const { staffName, startedAt, endedAt } = ended;
  await recordAudit(tx, context, {
    action: 'support.ended',
    target: { type: 'support_session', id, name: `Support by ${staffName}` },
    details: {
      ending,
      from: startedAt.toISOString(),
      to: endedAt?.toISOString(),
    },
  });
  return true;
}

/**
 * End every support session of a tenant, in the transaction that closes the tenant to its people: it
 * does not come back when they do.
 */
export async function closeAllSupport(
  tx: TenantTransaction,
  context: ActingContext,
  ending: SupportEnding,
): Promise<void> {
  const open = await tx
    .select({ id: supportSessions.id })
    .from(supportSessions)
    .where(and(eq(supportSessions.tenantId, context.tenantId), isNull(supportSessions.endedAt)));
  for (const { id } of open) await closeSupport(tx, context, id, ending);
}

/** The same as `closeSupport` where nobody in particular ends it. */
export function endSupport(
  tenantId: TenantId,
  id: SupportSessionId,
  ending: SupportEnding,
): Promise<boolean> {
  const context: ActingContext = {
    tenantId,
    actor: { type: 'system', id: null, name: 'Tenantry' },
    requestId: `support-${id}`,
  };
  return withTenant(context, (tx) => closeSupport(tx, context, id, ending));
}
