import type { ConnectionId, RunId, TenantContext, TenantId, UserId } from '@/db';
import type { ActorType } from '@/db/schema';
import type { SupportEntry, WorkspaceRole } from './contract';

/** Who acts: a person, an automation on a person's behalf, staff, or the platform itself. */
export interface Actor {
  readonly type: ActorType;
  readonly id: string | null;
  readonly name: string;
}

/**
 * A tenant, and who acts in it because of which request. Made only from a verified claim: the
 * session, or a job's own row.
 */
export interface ActingContext extends TenantContext {
  readonly actor: Actor;
  readonly requestId: string;
  readonly runId?: RunId;
  readonly connectionId?: ConnectionId;
  readonly ipAddress?: string;
  readonly userAgent?: string;
  /** The platform, giving back what a tenant was granted that is being deleted. */
  readonly closing?: true;
}

/** A signed-in member at work in one of their tenants, or staff in a support session. */
export interface MemberContext extends ActingContext {
  readonly userId: UserId;
  readonly role: WorkspaceRole;
  readonly email: string;
  readonly tenantName: string;
  /** The support session by which staff are here; then `actor` is of staff. */
  readonly support?: SupportEntry;
}

/** What is known of the request behind an act; a command line gives an id of its own. */
export interface ActFacts {
  readonly requestId: string;
  readonly ipAddress?: string;
  readonly userAgent?: string;
}

/** A person acting in a tenant before, or without, a session in it: signing up, in, joining. */
export function actingAs(
  tenantId: TenantId,
  person: { readonly userId: UserId; readonly name: string },
  facts: ActFacts,
): ActingContext {
  return {
    tenantId,
    actor: { type: 'member', id: person.userId, name: person.name },
    requestId: facts.requestId,
    ...(facts.ipAddress ? { ipAddress: facts.ipAddress } : {}),
    ...(facts.userAgent ? { userAgent: facts.userAgent } : {}),
  };
}

/** What inviting needs of a member. */
export type InvitingContext = ActingContext & Pick<MemberContext, 'userId' | 'role'>;
