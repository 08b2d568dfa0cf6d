import type { SessionClaims } from '@/lib/auth';
import type { RequestFacts } from '@/lib/request';
import { loadMembership, type MemberContext } from '@/lib/tenancy';

/**
 * The member behind verified claims, as the database knows them now: a removed member, an ended
 * session or a suspended tenant is out at once, whatever the token says.
 */
export async function memberOf(
  claims: SessionClaims,
  facts: RequestFacts,
): Promise<MemberContext | null> {
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
    requestId: facts.requestId,
    ...(facts.ipAddress ? { ipAddress: facts.ipAddress } : {}),
    ...(facts.userAgent ? { userAgent: facts.userAgent } : {}),
  };
}
