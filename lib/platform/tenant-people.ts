import { z } from 'zod';
import { and, eq, type PlatformTransaction, sql, type TenantId } from '@/db';
import { memberships, users } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import type { TenantMemberRow, TenantPeople } from './contract';
import { lookAsStaff } from './look';
import { requireTenant } from './tenant-acting';
import { onboardingOf, openInvitations } from './tenant-onboarding';
import { headOf } from './tenant-overview';

/** PostgreSQL has no text with a NUL in it. */
const position = z.tuple([z.string().regex(/^[^\0]*$/), z.uuid()]);

/** A page of the members, by name. */
async function membersOf(
  tx: PlatformTransaction,
  tenantId: TenantId,
  cursor?: string,
): Promise<Slice<TenantMemberRow>> {
  const place = sql`(${users.name}, ${users.id})`;
  const [name, id] = cursor ? decodeCursor(position, cursor) : [];
  const rows = await tx
    .select({
      id: users.id,
      name: users.name,
      email: users.email,
      role: memberships.role,
      since: memberships.createdAt,
    })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(
      and(
        eq(memberships.tenantId, tenantId),
        id ? sql`${place} > (${name}::text, ${id}::uuid)` : undefined,
      ),
    )
    .orderBy(users.name, users.id)
    .limit(pageSize + 1);
  const slice = toSlice(rows, (row) => [row.name, row.id]);
  return {
    ...slice,
    items: slice.items.map((row) => ({ ...row, since: row.since.toISOString() })),
  };
}

/**
 * Who belongs to a tenant, who is asked to, and how far it is on the way in.
 * @throws PublicError `not_found`
 */
export function tenantPeople(staff: StaffContext, tenantId: TenantId): Promise<TenantPeople> {
  return lookAsStaff(staff, { action: 'tenant.opened', tenantId }, async (tx) => ({
    tenant: await headOf(tx, tenantId),
    members: await membersOf(tx, tenantId),
    invitations: await openInvitations(tx, tenantId),
    onboarding: await onboardingOf(tx, tenantId),
  }));
}

/**
 * A further page of a tenant's members.
 * @throws PublicError `not_found`; `invalid_input` for a cursor that is not ours
 */
export function listTenantMembers(
  staff: StaffContext,
  tenantId: TenantId,
  cursor?: string,
): Promise<Slice<TenantMemberRow>> {
  return lookAsStaff(staff, { action: 'tenant.opened', tenantId }, async (tx) => {
    await requireTenant(tx, tenantId);
    return membersOf(tx, tenantId, cursor);
  });
}
