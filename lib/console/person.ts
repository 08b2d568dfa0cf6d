import { and, eq, type UserId } from '@/db';
import { memberships, staff as staffTable, tenants, users } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { denialConditions } from '@/lib/denials';
import { found } from '@/lib/errors';
import { auditRowsWhere, denialRowsWhere, eventsWithId, lookAsStaff } from '@/lib/platform';
import type { PlatformPerson } from './contract';
import { toBeginning } from './rows';

/** Events and refusals shown beside a person; the browsers have the rest. */
const latest = 10;

/**
 * A person: where they belong, and the latest that they did and were refused, in every tenant.
 * @throws PublicError `not_found`
 */
export function openPerson(staff: StaffContext, userId: UserId): Promise<PlatformPerson> {
  const look = { action: 'person.opened', filter: { actor: userId } } as const;
  return lookAsStaff(staff, look, async (tx, shows) => {
    const [row] = await tx
      .select({
        id: users.id,
        name: users.name,
        email: users.email,
        since: users.createdAt,
        staffRole: staffTable.role,
      })
      .from(users)
      .leftJoin(staffTable, eq(staffTable.userId, users.id))
      .where(eq(users.id, userId));
    const person = found(row);
    const belongs = await tx
      .select({
        tenantId: memberships.tenantId,
        tenantName: tenants.name,
        role: memberships.role,
        since: memberships.createdAt,
      })
      .from(memberships)
      .innerJoin(tenants, eq(tenants.id, memberships.tenantId))
      .where(eq(memberships.userId, userId))
      .orderBy(tenants.name);
    const events = await auditRowsWhere(tx, eventsWithId({ actor: userId }), latest);
    const denials = await denialRowsWhere(
      tx,
      and(...denialConditions({ actor: userId }, undefined, true)),
      latest,
    );
    shows([...belongs, ...events, ...denials].map(({ tenantId }) => tenantId));
    return {
      ...person,
      since: person.since.toISOString(),
      memberships: belongs.map((each) => ({ ...each, since: each.since.toISOString() })),
      events: toBeginning(events, latest),
      denials: toBeginning(denials, latest),
    };
  });
}
