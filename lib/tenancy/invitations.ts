import {
  alias,
  and,
  count,
  desc,
  eq,
  gt,
  type IdentityTransaction,
  type InvitationId,
  isNull,
  newId,
  type TenantId,
  type TenantTransaction,
  tenantDb,
  withTenant,
} from '@/db';
import { invitations, memberships, tenants, users } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { forbidden, found, PublicError } from '@/lib/errors';
import { allowMember } from '@/lib/limits';
import { queueMail } from '@/lib/mail';
import type { ActingContext, InvitingContext, MemberContext } from './context';
import { type InvitationSummary, type MemberRole, manageableRoles } from './contract';
import { invitationMail } from './invitation-mail';
import { hashInvitationToken, invitationLink, newInvitationToken } from './invitation-token';

/** Who invited, where it was staff who made the organisation ready for its first owner. */
export const staffInviter = 'Tenantry’s staff';

/** Milliseconds that an invitation can be accepted for. */
const openFor = 7 * 24 * 60 * 60 * 1_000;

/** Milliseconds that an expired invitation is still listed for. */
const listedFor = 30 * 24 * 60 * 60 * 1_000;

/** Open invitations to the organisation, newest first, among them those that expired lately. */
export async function listInvitations(context: MemberContext): Promise<InvitationSummary[]> {
  const inviter = alias(users, 'inviter');
  const rows = await tenantDb(context)
    .select({
      id: invitations.id,
      email: invitations.email,
      role: invitations.role,
      invitedBy: inviter.name,
      invitedAs: invitations.invitedAs,
      invitedAt: invitations.createdAt,
      expiresAt: invitations.expiresAt,
    })
    .from(invitations)
    .leftJoin(inviter, eq(inviter.id, invitations.invitedBy))
    .where(
      and(...open(context.tenantId), gt(invitations.expiresAt, new Date(Date.now() - listedFor))),
    )
    .orderBy(desc(invitations.createdAt), desc(invitations.id));
  return rows.map(({ invitedAs, ...row }) => ({
    ...row,
    invitedBy: invitedAs === 'staff' ? staffInviter : (row.invitedBy ?? 'a former member'),
    invitedAt: row.invitedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    expired: row.expiresAt.getTime() <= Date.now(),
  }));
}

/** Invitations that an organisation may send in an hour: who may invite may write to anybody. */
const mostPerHour = 100;
const hour = 60 * 60 * 1_000;

async function refuseTooMany(tx: TenantTransaction, tenantId: TenantId): Promise<void> {
  const since = new Date(Date.now() - hour);
  const [sent] = await tx
    .select({ total: count() })
    .from(invitations)
    .where(and(eq(invitations.tenantId, tenantId), gt(invitations.createdAt, since)));
  if ((sent?.total ?? 0) < mostPerHour) return;
  throw new PublicError(
    'rate_limited',
    `Your organisation has sent ${mostPerHour} invitations in an hour. Send the others a little later.`,
    { retryAfterSeconds: hour / 1_000 },
  );
}

const open = (tenantId: TenantId) => [
  eq(invitations.tenantId, tenantId),
  isNull(invitations.acceptedAt),
  isNull(invitations.revokedAt),
];

async function refuseMember(tx: TenantTransaction, tenantId: TenantId, email: string) {
  const [member] = await tx
    .select({ name: users.name })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.tenantId, tenantId), eq(users.email, email)));
  if (!member) return;
  throw new PublicError('conflict', `${member.name} is a member already.`, {
    fields: { email: 'This person is a member already.' },
  });
}

/** Whether an organisation has an owner; asked before there is a tenant, and by its own door. */
export async function hasOwner(
  tx: TenantTransaction | IdentityTransaction,
  tenantId: TenantId,
): Promise<boolean> {
  const [owner] = await tx
    .select({ id: memberships.id })
    .from(memberships)
    .where(and(eq(memberships.tenantId, tenantId), eq(memberships.role, 'owner')))
    .limit(1);
  return owner !== undefined;
}

/** Staff invite the first owner alone, while it works with the product. */
async function refuseStaff(tx: TenantTransaction, tenantId: TenantId, state: string | undefined) {
  if (state !== 'active') {
    throw new PublicError('conflict', 'It is suspended or being deleted; nobody can join it now.');
  }
  if (await hasOwner(tx, tenantId)) {
    throw new PublicError('conflict', 'It has an owner, who invites whom they want.');
  }
}

/** A second invitation to the same address takes the place of the first: one link is open at most. */
async function withdrawEarlier(tx: TenantTransaction, context: InvitingContext, email: string) {
  const earlier = await tx
    .update(invitations)
    .set({ revokedAt: new Date() })
    .where(and(...open(context.tenantId), eq(invitations.email, email)))
    .returning({ id: invitations.id });
  for (const { id } of earlier) {
    await recordAudit(tx, context, {
      action: 'invitation.revoked',
      target: { type: 'invitation', id, name: email },
      details: { reason: 'replaced by a new invitation' },
    });
  }
}

/**
 * Invite somebody by mail, on record, in one transaction with the mail.
 * @param email as `emailAddress` gives it
 * @returns the link, which is kept nowhere and cannot be had again
 * @throws PublicError `forbidden` for a role the inviter may not give, `conflict` for a member, when
 *   the organisation may not have more, or for staff when it has an owner; `rate_limited`
 */
export async function inviteMember(
  context: InvitingContext,
  { email, role }: { readonly email: string; readonly role: MemberRole },
): Promise<{ readonly token: string; readonly link: string; readonly expiresAt: string }> {
  if (!manageableRoles(context.role).includes(role)) throw forbidden();
  const token = newInvitationToken();
  const expiresAt = new Date(Date.now() + openFor);
  await withTenant(context, async (tx) => {
    // One at a time per organisation: two at once would leave two links open.
    const [tenant] = await tx
      .select({ name: tenants.name, state: tenants.state })
      .from(tenants)
      .where(eq(tenants.id, context.tenantId))
      .for('update');
    if (context.actor.type === 'staff') await refuseStaff(tx, context.tenantId, tenant?.state);
    await refuseTooMany(tx, context.tenantId);
    await refuseMember(tx, context.tenantId, email);
    await withdrawEarlier(tx, context, email);
    await allowMember(tx, context);
    const id = newId<InvitationId>();
    await tx.insert(invitations).values({
      ...{ tenantId: context.tenantId, id, email, role, expiresAt },
      tokenHash: hashInvitationToken(token),
      invitedBy: context.userId,
      invitedAs: context.actor.type === 'staff' ? 'staff' : 'member',
    });
    const letter = { inviter: context.actor.name, tenantName: found(tenant).name, role, expiresAt };
    await queueMail(tx, context, { to: email, ...invitationMail(letter, invitationLink(token)) });
    await recordAudit(tx, context, {
      action: 'member.invited',
      target: { type: 'invitation', id, name: email },
      details: { role, expires_at: expiresAt.toISOString() },
    });
  });
  return { token, link: invitationLink(token), expiresAt: expiresAt.toISOString() };
}

/**
 * Withdraw an invitation; its link says so from then on.
 * @throws PublicError `not_found` when it is not open in this organisation; `forbidden` for one to
 *   become an owner, unless an owner asks
 */
export async function revokeInvitation(
  context: ActingContext & Pick<MemberContext, 'role'>,
  id: InvitationId,
): Promise<void> {
  await withTenant(context, async (tx) => {
    const [row] = await tx
      .update(invitations)
      .set({ revokedAt: new Date() })
      .where(and(...open(context.tenantId), eq(invitations.id, id)))
      .returning({ email: invitations.email, role: invitations.role });
    const { email, role } = found(row);
    if (!manageableRoles(context.role).includes(role)) throw forbidden();
    await recordAudit(tx, context, {
      action: 'invitation.revoked',
      target: { type: 'invitation', id, name: email },
    });
  });
}
