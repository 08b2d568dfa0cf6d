import { and, eq, type QueryParameters, type TenantId, tenantQuery, type UserId } from '@/db';
import { memberships, type TenantState, tenants, users } from '@/db/schema';
import type { MemberRole } from './contract';

/** A member as the database knows them now. */
export interface Membership {
  readonly role: MemberRole;
  readonly name: string;
  readonly email: string;
  readonly tenantName: string;
  readonly tenantState: TenantState;
  readonly sessionVersion: number;
}

const membershipOf = tenantQuery('membership_of', (db, p: QueryParameters<{ userId: UserId }>) =>
  db
    .select({
      role: memberships.role,
      name: users.name,
      email: users.email,
      tenantName: tenants.name,
      tenantState: tenants.state,
      sessionVersion: users.sessionVersion,
    })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .innerJoin(tenants, eq(tenants.id, memberships.tenantId))
    .where(and(eq(memberships.tenantId, p.tenantId), eq(memberships.userId, p.userId)))
    .limit(1),
);

/**
 * The membership of a person in a tenant; asked on every request, so that a token is never believed
 * about it.
 * @returns null when there is none
 */
export async function loadMembership(
  tenantId: TenantId,
  userId: UserId,
): Promise<Membership | null> {
  const [row] = await membershipOf({ tenantId }, { userId });
  return row ?? null;
}
