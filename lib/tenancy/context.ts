import type { ConnectionId, RunId, TenantContext, UserId } from '@/db';
import type { ActorType } from '@/db/schema';
import type { MemberRole } from './contract';

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
}

/** A signed-in member at work in one of their tenants. */
export interface MemberContext extends ActingContext {
  readonly userId: UserId;
  readonly role: MemberRole;
  readonly email: string;
  readonly tenantName: string;
}
