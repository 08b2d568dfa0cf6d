import { type SessionClaims, type SupportClaim, staffRoleOf } from '@/lib/auth';
import type { RequestFacts } from '@/lib/request';
import { loadMembership, loadSupport, type MemberContext } from '@/lib/tenancy';

const sourceOf = (facts: RequestFacts) => ({
  requestId: facts.requestId,
  ...(facts.ipAddress ? { ipAddress: facts.ipAddress } : {}),
  ...(facts.userAgent ? { userAgent: facts.userAgent } : {}),
});

/**
 * Staff in a support session of this tenant: its row, the person and the tenant are looked at each
 * time. They act under their own name, and their role is none that a member can have.
 */
async function supportOf(
  { userId, sessionVersion }: SessionClaims,
  { tenantId, sessionId }: SupportClaim,
  facts: RequestFacts,
): Promise<MemberContext | null> {
  const open = await loadSupport({ tenantId, sessionId, userId, sessionVersion });
  if (!open) return null;
  const { entry, tenantName, email } = open;
  return {
    tenantId,
    tenantName,
    userId,
    role: entry.mends ? 'support_mending' : 'support',
    email,
    actor: { type: 'staff', id: userId, name: entry.staffName },
    support: entry,
    ...sourceOf(facts),
  };
}

/**
 * The member behind verified claims, as the database knows them now: a removed member, an ended
 * session or a suspended tenant is out at once, whatever the token says.
 */
export async function memberOf(
  claims: SessionClaims,
  facts: RequestFacts,
): Promise<MemberContext | null> {
  if (claims.support) {
    const support = await supportOf(claims, claims.support, facts);
    // Over, for staff: not unnoticed into an organisation of their own.
    if (support || (await staffRoleOf(claims))) return support;
  }
  if (claims.tenantId === null) return null;
  const membership = await loadMembership(claims.tenantId, claims.userId);
  if (!membership) return null;
  if (membership.sessionVersion !== claims.sessionVersion) return null;
  if (membership.tenantState !== 'active') return null;
  return {
    tenantId: claims.tenantId,
    tenantName: membership.tenantName,
    userId: claims.userId,
    role: membership.role,
    email: membership.email,
    actor: { type: 'member', id: claims.userId, name: membership.name },
    ...sourceOf(facts),
  };
}
