import { eq, type TenantId, type UserId, withIdentity, withTenant } from '@/db';
import { secondFactors, staff, users } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { notFound } from '@/lib/errors';
import { type ActFacts, actingAs, organisationsIn, requireEntry } from '@/lib/tenancy';
import { personOfSession } from './people';
import type { SessionToken } from './token';

const now = () => Math.floor(Date.now() / 1_000);

export interface SessionStart {
  /** The organisation last worked in; a hint, checked here. */
  readonly remembered: string | undefined;
  /** How they proved it: `credentials`, or the identity provider. */
  readonly method: string;
}

/**
 * Begin a session for somebody who has proved who they are: in the organisation they were last
 * in if they may enter it, else in the first that they may. On record in that organisation.
 * @throws PublicError `not_found` when the person is gone
 */
export async function startSession(
  userId: UserId,
  { remembered, method }: SessionStart,
  facts: ActFacts,
): Promise<SessionToken> {
  return withIdentity(async (tx) => {
    const [person] = await tx
      .select({
        userId: users.id,
        name: users.name,
        sessionVersion: users.sessionVersion,
        staffRole: staff.role,
        factorSince: secondFactors.confirmedAt,
      })
      .from(users)
      .leftJoin(staff, eq(staff.userId, users.id))
      .leftJoin(secondFactors, eq(secondFactors.userId, users.id))
      .where(eq(users.id, userId));
    if (!person) throw notFound();
    const open = (await organisationsIn(tx, userId)).filter(({ state }) => state === 'active');
    const tenant = open.find(({ id }) => id === remembered) ?? open[0];
    if (tenant) {
      await recordAudit(tx, actingAs(tenant.id, person, facts), {
        action: 'session.started',
        target: { type: 'member', id: userId, name: person.name },
        details: { method },
      });
    }
    return {
      userId,
      tenantId: tenant?.id ?? null,
      role: tenant?.role ?? null,
      sessionVersion: person.sessionVersion,
      signedInAt: now(),
      ...(person.staffRole ? { staff: true } : {}),
      ...(person.factorSince ? { secondFactorDue: true } : {}),
    };
  });
}

/**
 * The session's token for another of the person's organisations; on record there.
 * @throws PublicError `not_found` unless they are a member and it is active
 */
export async function enterTenant(
  token: SessionToken,
  tenantId: TenantId,
  facts: ActFacts,
): Promise<SessionToken> {
  const membership = await requireEntry(tenantId, token);
  if (tenantId !== token.tenantId) {
    const person = { userId: token.userId, name: membership.name };
    await withTenant({ tenantId }, (tx) =>
      recordAudit(tx, actingAs(tenantId, person, facts), {
        action: 'session.switched',
        target: { type: 'tenant', id: tenantId, name: membership.tenantName },
      }),
    );
  }
  return { ...token, tenantId, role: membership.role };
}

/** Put the end of a session on record, if it was still in an organisation. */
export async function recordSignOut(token: SessionToken, facts: ActFacts): Promise<void> {
  const { tenantId, userId } = token;
  const person = await personOfSession(userId, token.sessionVersion);
  if (!person || !tenantId) return;
  await withTenant({ tenantId }, (tx) =>
    recordAudit(tx, actingAs(tenantId, person, facts), {
      action: 'session.ended',
      target: { type: 'member', id: userId, name: person.name },
    }),
  );
}
