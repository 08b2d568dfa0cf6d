import {
  acrossTenants,
  alias,
  and,
  asc,
  eq,
  gt,
  type IdentityTransaction,
  type InvitationId,
  isNull,
  type MembershipId,
  newId,
  type TenantId,
  type UserId,
  withIdentity,
} from '@/db';
import { invitations, memberships, staff, tenants, users } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { notFound, PublicError } from '@/lib/errors';
import { type ActFacts, type ActingContext, actingAs } from './context';
import { type InvitationView, manageableRoles } from './contract';
import { hashInvitationToken, isInvitationToken } from './invitation-token';
import { hasOwner, staffInviter } from './invitations';

type Row = NonNullable<Awaited<ReturnType<typeof findInvitation>>>;

async function findInvitation(tx: IdentityTransaction, token: string) {
  const inviter = alias(users, 'inviter');
  const invited = alias(users, 'invited');
  const standing = alias(memberships, 'standing');
  const [row] = await tx
    .select({
      id: invitations.id,
      tenantId: invitations.tenantId,
      tenantName: tenants.name,
      tenantState: tenants.state,
      inviter: inviter.name,
      inviterRole: standing.role,
      invitedAs: invitations.invitedAs,
      inviterStaff: staff.role,
      email: invitations.email,
      role: invitations.role,
      expiresAt: invitations.expiresAt,
      acceptedAt: invitations.acceptedAt,
      revokedAt: invitations.revokedAt,
      account: invited.id,
    })
    .from(invitations)
    .innerJoin(tenants, eq(tenants.id, invitations.tenantId))
    .leftJoin(inviter, eq(inviter.id, invitations.invitedBy))
    .leftJoin(
      standing,
      and(eq(standing.tenantId, invitations.tenantId), eq(standing.userId, invitations.invitedBy)),
    )
    .leftJoin(staff, eq(staff.userId, invitations.invitedBy))
    .leftJoin(invited, eq(invited.email, invitations.email))
    .where(
      and(
        eq(invitations.tokenHash, hashInvitationToken(token)),
        acrossTenants('the secret in a link is all that tells whose invitation it is'),
      ),
    )
    .limit(1);
  return row;
}

/**
 * An invitation is worth what its sender may do now. Whoever was removed, and kept a link that they
 * sent to another address of theirs, does not come back by it. One by staff is for the first owner
 * alone: an organisation that has one is its owners'.
 */
async function stands(
  tx: IdentityTransaction,
  { tenantId, invitedAs, inviterStaff, inviterRole, role }: Row,
): Promise<boolean> {
  if (invitedAs === 'staff') {
    return inviterStaff === 'platform_admin' && !(await hasOwner(tx, tenantId));
  }
  return inviterRole !== null && manageableRoles(inviterRole).includes(role);
}

async function stateOf(
  tx: IdentityTransaction,
  row: Row,
): Promise<'open' | 'expired' | 'revoked' | 'accepted'> {
  if (row.acceptedAt) return 'accepted';
  if (row.revokedAt || !(await stands(tx, row))) return 'revoked';
  return row.expiresAt.getTime() > Date.now() ? 'open' : 'expired';
}

/** Look at what a link leads to. The link is the only key to it: there is no other way to ask. */
export async function viewInvitation(token: string): Promise<InvitationView> {
  if (!isInvitationToken(token)) return { state: 'unknown' };
  const found = await withIdentity(async (tx) => {
    const row = await findInvitation(tx, token);
    return row && { row, state: await stateOf(tx, row) };
  });
  if (!found) return { state: 'unknown' };
  const { row, state } = found;
  if (row.tenantState !== 'active') return { state: 'suspended' };
  return {
    state,
    tenantName: row.tenantName,
    inviter: row.invitedAs === 'staff' ? staffInviter : (row.inviter ?? 'A former member'),
    email: row.email,
    role: row.role,
    hasAccount: row.account !== null,
  };
}

/**
 * Take the invitation for one person and make them a member, in the transaction at hand. Of two at
 * the same time only one gets it.
 * @param person whose address must be the invited one
 * @returns the organisation joined
 * @throws PublicError `not_found`, `gone` for one that is no longer open, `forbidden` for another
 *   person's, `conflict` when they are a member already; the invitation is as it was then
 */
export async function takeInvitation(
  tx: IdentityTransaction,
  token: string,
  person: { readonly userId: UserId; readonly name: string; readonly email: string },
  facts: ActFacts,
): Promise<TenantId> {
  const row = isInvitationToken(token) ? await findInvitation(tx, token) : undefined;
  if (row?.tenantState !== 'active') throw notFound();
  if (row.email !== person.email) {
    throw new PublicError('forbidden', `This invitation is for ${row.email}.`);
  }
  if (row.invitedAs === 'staff') await lockStaffs(tx, row.tenantId);
  if (!(await stands(tx, row))) throw noLongerOpen();
  await markAccepted(tx, row);
  const [joined] = await tx
    .insert(memberships)
    .values({
      ...{ tenantId: row.tenantId, id: newId<MembershipId>() },
      ...{ userId: person.userId, role: row.role },
    })
    .onConflictDoNothing({ target: [memberships.tenantId, memberships.userId] })
    .returning({ id: memberships.id });
  if (!joined) throw new PublicError('conflict', `You are a member of ${row.tenantName} already.`);
  const context = actingAs(row.tenantId, person, facts);
  await recordAudit(tx, context, {
    action: 'invitation.accepted',
    target: { type: 'member', id: person.userId, name: person.name },
    details: { invitation: row.id, role: row.role },
  });
  if (row.role === 'owner') await withdrawStaffs(tx, context);
  return row.tenantId;
}

/**
 * All that staff ever sent for an organisation, locked: of two that are taken at the same time the
 * later sees the owner that the earlier made.
 */
async function lockStaffs(tx: IdentityTransaction, tenantId: TenantId): Promise<void> {
  await tx
    .select({ id: invitations.id })
    .from(invitations)
    .where(and(eq(invitations.tenantId, tenantId), eq(invitations.invitedAs, 'staff')))
    .orderBy(asc(invitations.id))
    .for('update');
}

/** There is an owner, who invites whom they want: what staff sent and nobody took is void. */
async function withdrawStaffs(tx: IdentityTransaction, context: ActingContext): Promise<void> {
  const withdrawn = await tx
    .update(invitations)
    .set({ revokedAt: new Date() })
    .where(
      and(
        eq(invitations.tenantId, context.tenantId),
        eq(invitations.invitedAs, 'staff'),
        isNull(invitations.acceptedAt),
        isNull(invitations.revokedAt),
      ),
    )
    .returning({ id: invitations.id, email: invitations.email });
  for (const { id, email } of withdrawn) {
    await recordAudit(tx, context, {
      action: 'invitation.revoked',
      target: { type: 'invitation', id, name: email },
      details: { reason: 'the organisation has an owner' },
    });
  }
}

async function markAccepted(
  tx: IdentityTransaction,
  row: { tenantId: TenantId; id: InvitationId },
) {
  const [taken] = await tx
    .update(invitations)
    .set({ acceptedAt: new Date() })
    .where(
      and(
        eq(invitations.tenantId, row.tenantId),
        eq(invitations.id, row.id),
        isNull(invitations.acceptedAt),
        isNull(invitations.revokedAt),
        gt(invitations.expiresAt, new Date()),
      ),
    )
    .returning({ id: invitations.id });
  if (!taken) throw noLongerOpen();
}

const noLongerOpen = () =>
  new PublicError('gone', 'This invitation is no longer open. Ask for a new one.');
