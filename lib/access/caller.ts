import { cache } from 'react';
import type { UserId } from '@/db';
import type { StaffRole } from '@/db/schema';
import { readClaims, type SessionClaims, staffRoleOf } from '@/lib/auth';
import { forbidden, notFound, PublicError } from '@/lib/errors';
import { addLogContext } from '@/lib/observability';
import { can, loadMembership, type MemberContext, type Permission } from '@/lib/tenancy';
import { recordDenial } from './denial';
import { factsOf, type RequestFacts, requestFacts } from './request';

/** A member of staff at work in the support console. */
export interface StaffContext {
  readonly userId: UserId;
  readonly role: StaffRole;
  readonly name: string;
  readonly email: string;
  readonly requestId: string;
}

function signInFirst(): PublicError {
  return new PublicError('unauthenticated', 'Sign in to go on.');
}

/** One look at the session, the membership and the tenant's state per request. */
const memberOnce = cache(async (): Promise<MemberContext | null> => {
  const [claims, facts] = await Promise.all([readClaims(), requestFacts()]);
  return claims ? memberOf(claims, facts) : null;
});

/**
 * The member behind verified claims, as the database knows them now: a removed member, an ended
 * session or a suspended tenant is out at once, whatever the token says.
 */
async function memberOf(claims: SessionClaims, facts: RequestFacts): Promise<MemberContext | null> {
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

/** The signed-in member in the organisation they chose, or null. */
export function currentMember(): Promise<MemberContext | null> {
  return memberOnce();
}

/** Whether `X-Tenant-ID` disagrees with the session: one row, however many parts of a page ask. */
const claimsForeignTenant = cache(async (): Promise<boolean> => {
  const [member, facts] = await Promise.all([memberOnce(), requestFacts()]);
  const claimed = facts.tenantHeader;
  if (!member || claimed === undefined || claimed === member.tenantId) return false;
  await recordDenial(facts, member, 'tenant_header_mismatch', { claimed: claimed.slice(0, 64) });
  return true;
});

/**
 * The member who asks, allowed to do this.
 * @throws PublicError `unauthenticated`, `forbidden`; `not_found` when `X-Tenant-ID` disagrees
 */
export async function requireMember(permission: Permission): Promise<MemberContext> {
  const [member, facts] = await Promise.all([memberOnce(), requestFacts()]);
  if (!member) throw signInFirst();
  addLogContext({ tenantId: member.tenantId });
  if (await claimsForeignTenant()) throw onRecord(notFound());
  if (!can(member.role, permission)) {
    await recordDenial(facts, member, 'forbidden', { permission });
    throw forbidden();
  }
  return member;
}

/**
 * The member of staff who asks. Everybody else gets the answer of a page that does not exist.
 * @throws PublicError `not_found`
 */
export async function requireStaff(role: StaffRole): Promise<StaffContext> {
  const [claims, facts] = await Promise.all([readClaims(), requestFacts()]);
  if (!claims) throw notFound();
  const person = await staffRoleOf(claims);
  if (!person || (role === 'platform_admin' && person.role !== 'platform_admin')) {
    const member = await memberOnce();
    if (member) await recordDenial(facts, member, 'not_staff');
    throw notFound();
  }
  return { ...person, requestId: facts.requestId };
}

/** Refusals that are on record already, so that the answer's way out does not record them again. */
const recorded = new WeakSet<PublicError>();

function onRecord(refusal: PublicError): PublicError {
  recorded.add(refusal);
  return refusal;
}

/** An id that is not there is a denial when a member asked for it: it may be another tenant's. */
export async function recordMissing(refusal: PublicError, facts: RequestFacts): Promise<void> {
  if (refusal.code !== 'not_found' || recorded.has(refusal)) return;
  const member = await memberOnce();
  if (member) await recordDenial(facts, member, 'not_found');
}

export { factsOf, requestFacts };
