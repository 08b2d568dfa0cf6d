import { cache } from 'react';
import type { UserId } from '@/db';
import type { StaffRole } from '@/db/schema';
import {
  readClaims,
  readToken,
  requireFreshFactor,
  type SessionClaims,
  staffRoleOf,
} from '@/lib/auth';
import { forbidden, notFound, PublicError } from '@/lib/errors';
import { addLogContext, logger } from '@/lib/observability';
import {
  can,
  type MemberContext,
  mendingPermissions,
  type Permission,
  recordSupportView,
} from '@/lib/tenancy';
import type { Asked } from './asked';
import { recordDenial } from './denial';
import { memberOf } from './member';
import { recordOutsider } from './outsider';
import { denialReasonOf, onRecord } from './reason';
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

/** The signed-in member in the organisation they chose, or null. */
export function currentMember(): Promise<MemberContext | null> {
  return memberOnce();
}

/** Whether `X-Tenant-ID` disagrees with the session; if so, it goes on record. */
async function claimsForeignTenant(
  member: MemberContext,
  facts: RequestFacts,
  asked?: Asked,
): Promise<boolean> {
  const claimed = facts.tenantHeader;
  if (claimed === undefined || claimed === member.tenantId) return false;
  const details = { claimed: claimed.slice(0, 64) };
  await recordDenial(facts, member, 'tenant_header_mismatch', details, asked);
  return true;
}

/** Of a page: one denial, however many parts of it ask. */
const pageClaimsForeignTenant = cache(async (): Promise<boolean> => {
  const [member, facts] = await Promise.all([memberOnce(), requestFacts()]);
  return member !== null && claimsForeignTenant(member, facts);
});

/** Of a page: one denial, however many parts of it ask. The answer waits for neither. */
const pageIsForMembers = cache((facts: RequestFacts): void => {
  void recordOutsider(readClaims(), facts, 'not_member');
});

function recordNoMember(facts: RequestFacts, asked: Asked): void {
  if (asked.form === 'page') pageIsForMembers(facts);
  else void recordOutsider(readClaims(), facts, 'not_member', asked);
}

function notInSupport(): PublicError {
  return new PublicError('forbidden', 'A support session neither shows nor changes this.');
}

/**
 * Whether they may. Support may read what its role reads; what changes anything it may only with a
 * permission made for mending, even where reading suffices for members.
 */
function allowed(
  { role, support }: MemberContext,
  permission: Permission,
  { form }: Asked,
  { method }: RequestFacts,
): boolean {
  if (!can(role, permission)) return false;
  const reads = form === 'page' || (form === 'route' && (method === 'GET' || method === 'HEAD'));
  return !support || reads || mendingPermissions.includes(permission);
}

/**
 * The member who asks, allowed to do this.
 * @throws PublicError `unauthenticated`, `forbidden`; `not_found` when `X-Tenant-ID` disagrees
 */
export async function requireMember(permission: Permission, asked: Asked): Promise<MemberContext> {
  const [member, facts] = await Promise.all([memberOnce(), requestFacts()]);
  if (!member) {
    recordNoMember(facts, asked);
    throw signInFirst();
  }
  addLogContext({ tenantId: member.tenantId });
  const foreign =
    asked.form === 'page'
      ? await pageClaimsForeignTenant()
      : await claimsForeignTenant(member, facts, asked);
  if (foreign) throw onRecord(notFound());
  if (!allowed(member, permission, asked, facts)) {
    await recordDenial(facts, member, 'forbidden', { permission }, asked);
    throw onRecord(member.support ? notInSupport() : forbidden());
  }
  if (member.support && asked.form !== 'action' && !asked.frame) {
    const { method, path, search } = facts;
    await recordSupportView(member, { form: asked.form, method, path, search });
  }
  return member;
}

/** What the console refuses staff is no affair of the tenant that they are looking into. */
async function ownClaims(): Promise<SessionClaims | null> {
  const claims = await readClaims();
  if (!claims) return null;
  const { support: _lookedInto, ...own } = claims;
  return own;
}

async function recordNotStaff(asked?: Asked): Promise<void> {
  const [member, facts] = await Promise.all([memberOnce(), requestFacts()]);
  if (member && !member.support) await recordDenial(facts, member, 'not_staff', {}, asked);
  else void recordOutsider(ownClaims(), facts, 'not_staff', asked);
}

/** As above: once, whatever parts a page has. */
const pageIsNotForStaff = cache(() => recordNotStaff());

/**
 * The member of staff who asks, with their second factor proved. Everybody else gets the answer of a
 * page that does not exist.
 * @throws PublicError `not_found`; to staff alone `second_factor_required`
 */
export async function requireStaff(role: StaffRole, asked: Asked): Promise<StaffContext> {
  // Not the claims: a session that waits for the factor has none, and is of staff all the same.
  const [token, facts] = await Promise.all([readToken(), requestFacts()]);
  if (!token) throw notFound();
  const person = await staffRoleOf(token);
  if (!person || (role === 'platform_admin' && person.role !== 'platform_admin')) {
    await (asked.form === 'page' ? pageIsNotForStaff() : recordNotStaff(asked));
    throw onRecord(notFound());
  }
  const { hasFactor, ...staff } = person;
  requireFreshFactor(token, hasFactor);
  return { ...staff, requestId: facts.requestId };
}

/**
 * Put on record what an endpoint refused a member on its way. Never fails.
 */
export async function recordRefusal(
  thrown: unknown,
  facts: RequestFacts,
  asked: Asked,
): Promise<void> {
  const reason = denialReasonOf(thrown);
  if (!reason) return;
  try {
    const member = await memberOnce();
    if (member) await recordDenial(facts, member, reason, {}, asked);
  } catch (error) {
    // The answer is that of the refusal, whatever becomes of its record.
    logger.error({ err: error, reason }, 'A denial could not be recorded');
  }
}

export { factsOf, requestFacts };
