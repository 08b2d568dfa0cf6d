import {
  and,
  asc,
  eq,
  isNotNull,
  type MembershipId,
  sql,
  type TenantTransaction,
  tenantDb,
  type UserId,
  withTenant,
} from '@/db';
import { automations, memberships, users } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { forbidden, found, PublicError } from '@/lib/errors';
import type { MemberContext } from './context';
import { type MemberRole, type MemberSummary, manageableRoles } from './contract';

/** Everybody in the organisation, owners first, then by name. */
export async function listMembers(context: MemberContext): Promise<MemberSummary[]> {
  const rank = sql`array_position(array['owner', 'admin', 'member', 'viewer'], ${memberships.role})`;
  const rows = await tenantDb(context)
    .select({
      id: memberships.id,
      userId: memberships.userId,
      name: users.name,
      email: users.email,
      role: memberships.role,
      joinedAt: memberships.createdAt,
    })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(eq(memberships.tenantId, context.tenantId))
    .orderBy(rank, asc(users.name), asc(memberships.id));
  return rows.map((row) => ({ ...row, joinedAt: row.joinedAt.toISOString() }));
}

/**
 * Lock the owners, then look at the member. Whoever changes owners at the same time waits here and
 * then sees what became of them: two owners cannot remove each other.
 */
async function lockMember(tx: TenantTransaction, context: MemberContext, id: MembershipId) {
  const owners = await tx
    .select({ id: memberships.id })
    .from(memberships)
    .where(and(eq(memberships.tenantId, context.tenantId), eq(memberships.role, 'owner')))
    .orderBy(asc(memberships.id))
    .for('update');
  const [row] = await tx
    .select({
      id: memberships.id,
      userId: memberships.userId,
      role: memberships.role,
      name: users.name,
      email: users.email,
    })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.tenantId, context.tenantId), eq(memberships.id, id)))
    .for('update', { of: memberships });
  const member = found(row);
  if (!manageableRoles(context.role).includes(member.role)) throw forbidden();
  return { member, lastOwner: owners.length === 1 && owners[0]?.id === id };
}

function keepAnOwner(): PublicError {
  return new PublicError(
    'conflict',
    'An organisation needs an owner. Make somebody else an owner first.',
  );
}

const target = (member: { userId: string; name: string }) => ({
  type: 'member',
  id: member.userId,
  name: member.name,
});

/**
 * Give a member another role; it holds from their next request on.
 * @throws PublicError `not_found`; `forbidden` when either role is beyond the caller's; `conflict`
 *   when the organisation would be left without an owner, or nothing would change
 */
export async function changeRole(
  context: MemberContext,
  { memberId, role }: { readonly memberId: MembershipId; readonly role: MemberRole },
): Promise<void> {
  if (!manageableRoles(context.role).includes(role)) throw forbidden();
  await withTenant(context, async (tx) => {
    const { member, lastOwner } = await lockMember(tx, context, memberId);
    if (member.role === role)
      throw new PublicError('conflict', `That is ${member.name}’s role now.`);
    if (lastOwner) throw keepAnOwner();
    await tx
      .update(memberships)
      .set({ role })
      .where(and(eq(memberships.tenantId, context.tenantId), eq(memberships.id, memberId)));
    await recordAudit(tx, context, {
      action: 'member.role_changed',
      target: target(member),
      details: { before: member.role, after: role },
    });
  });
}

/**
 * Take a member out; they are out at their next request. What they made stays; what runs
 * by itself among it rests until somebody switches it on again.
 * @param typed the member's address, typed by the caller to confirm
 * @throws PublicError `not_found`, `forbidden`, `conflict` for the last owner, `invalid_input`
 */
export async function removeMember(
  context: MemberContext,
  { memberId, typed }: { readonly memberId: MembershipId; readonly typed: string },
): Promise<void> {
  await withTenant(context, async (tx) => {
    const { member, lastOwner } = await lockMember(tx, context, memberId);
    if (lastOwner) throw keepAnOwner();
    if (typed.trim().toLowerCase() !== member.email) {
      throw new PublicError('invalid_input', `Type ${member.email} to confirm.`);
    }
    await tx
      .delete(memberships)
      .where(and(eq(memberships.tenantId, context.tenantId), eq(memberships.id, memberId)));
    await recordAudit(tx, context, {
      action: 'member.removed',
      target: target(member),
      details: { role: member.role },
    });
    await restSchedules(tx, context, member.userId);
  });
}

/**
 * What somebody who is gone had set to run by itself rests until a member takes it on: it could send
 * what is the organisation's to an address of theirs.
 */
async function restSchedules(
  tx: TenantTransaction,
  context: MemberContext,
  userId: UserId,
): Promise<void> {
  const rested = await tx
    .update(automations)
    .set({ enabled: false, nextRunAt: null, updatedAt: new Date() })
    .where(
      and(
        eq(automations.tenantId, context.tenantId),
        eq(automations.createdBy, userId),
        isNotNull(automations.nextRunAt),
      ),
    )
    .returning({ id: automations.id, name: automations.name });
  for (const { id, name } of rested) {
    await recordAudit(tx, context, {
      action: 'automation.disabled',
      target: { type: 'automation', id, name },
      details: { reason: 'Its maker is no longer a member' },
    });
  }
}
