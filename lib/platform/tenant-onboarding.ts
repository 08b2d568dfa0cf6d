import type { z } from 'zod';
import {
  and,
  asc,
  desc,
  eq,
  exists,
  type InvitationId,
  isNull,
  min,
  newId,
  type PlatformTransaction,
  sql,
  type TenantId,
} from '@/db';
import { auditEvents, invitations, memberships, runs, tenants } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { eventsFound } from '@/lib/audit';
import { PublicError } from '@/lib/errors';
import { hasOwner, inviteMember, prepareTenant, revokeInvitation } from '@/lib/tenancy';
import { lookAsStaff } from './look';
import { actingAsStaff, lockTenant } from './tenant-acting';
import type {
  createTenantInput,
  inviteOwnerInput,
  Onboarding,
  TenantInvitationRow,
  withdrawOwnerInput,
} from './tenant-contract';

/** Invited by staff, the first owner stands as if an owner had asked them. */
const asOwner = (staff: StaffContext, tenantId: TenantId) => ({
  ...actingAsStaff(staff, tenantId),
  userId: staff.userId,
  role: 'owner' as const,
});

/**
 * The organisation of this name that the same person began to make, and to which nobody was ever
 * invited: what is left when a server ends between the two steps of it.
 */
async function begun(
  tx: PlatformTransaction,
  { userId }: StaffContext,
  name: string,
): Promise<TenantId | undefined> {
  const nobody = (table: typeof invitations | typeof memberships) =>
    sql`not ${exists(tx.select({ one: sql`1` }).from(table).where(eq(table.tenantId, tenants.id)))}`;
  const made = tx
    .select({ one: sql`1` })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.tenantId, tenants.id),
        eventsFound((of) => [
          eq(of.tenantId, tenants.id),
          eq(of.action, 'tenant.created'),
          eq(of.actorId, userId),
        ]),
      ),
    );
  const [tenant] = await tx
    .select({ id: tenants.id })
    .from(tenants)
    .where(
      and(
        eq(tenants.name, name),
        eq(tenants.state, 'active'),
        nobody(memberships),
        nobody(invitations),
        exists(made),
      ),
    )
    .orderBy(desc(tenants.id))
    .limit(1);
  return tenant?.id;
}

/**
 * Make an organisation for a customer and invite its first owner. They are made through two doors, so in
 * two transactions: whoever asks again after an end in between goes on with the one that was made.
 * @returns its id
 * @throws PublicError `rate_limited`
 */
export async function createCustomer(
  staff: StaffContext,
  { name, owner }: z.output<typeof createTenantInput>,
): Promise<TenantId> {
  const tenantId = await lookAsStaff(staff, { action: 'tenant.created' }, async (tx, shows) => {
    const unfinished = await begun(tx, staff, name);
    const id = unfinished ?? newId<TenantId>();
    if (!unfinished) await prepareTenant(actingAsStaff(staff, id), name);
    shows([id]);
    return id;
  });
  await inviteMember(asOwner(staff, tenantId), { email: owner, role: 'owner' });
  return tenantId;
}

/**
 * Staff may write to a tenant's people while it works with the product.
 * @throws PublicError `not_found`, `conflict`
 */
async function requireActive(tx: PlatformTransaction, tenantId: TenantId): Promise<void> {
  const { state } = await lockTenant(tx, tenantId);
  if (state !== 'active') {
    throw new PublicError('conflict', 'It is suspended or being deleted; nobody can join it now.');
  }
}

/**
 * Invite an owner, as long as there is none; asked for the same address again, the earlier link is
 * withdrawn and a new one goes out.
 * @throws PublicError `not_found`; `conflict` once there is an owner, who invites others themselves
 */
export async function inviteOwner(
  staff: StaffContext,
  { tenantId, email }: z.output<typeof inviteOwnerInput>,
): Promise<void> {
  await lookAsStaff(staff, { action: 'tenant.owner_invited', tenantId }, async (tx) => {
    await requireActive(tx, tenantId);
    if (await hasOwner(tx, tenantId)) {
      throw new PublicError('conflict', 'It has an owner, who invites whom they want.');
    }
  });
  // That holds no longer than the lock: it is asked again in the transaction of the invitation.
  await inviteMember(asOwner(staff, tenantId), { email, role: 'owner' });
}

/**
 * Take back the invitation that staff sent to an address.
 * @throws PublicError `not_found` for the tenant; `conflict` when none of ours is open
 */
export async function withdrawOwner(
  staff: StaffContext,
  { tenantId, email }: z.output<typeof withdrawOwnerInput>,
): Promise<void> {
  const look = { action: 'tenant.invitation_withdrawn', tenantId } as const;
  const invitation = await lookAsStaff(staff, look, async (tx) => {
    await lockTenant(tx, tenantId);
    const open = await openInvitations(tx, tenantId);
    const ours = open.find((one) => one.byStaff && one.email === email);
    if (!ours) throw new PublicError('conflict', `No invitation of ours to ${email} is open.`);
    return ours;
  });
  await revokeInvitation(asOwner(staff, tenantId), invitation.id as InvitationId);
}

/** Invitations that nobody has taken or withdrawn, newest first. */
export async function openInvitations(
  tx: PlatformTransaction,
  tenantId: TenantId,
): Promise<readonly TenantInvitationRow[]> {
  const rows = await tx
    .select({
      id: invitations.id,
      email: invitations.email,
      role: invitations.role,
      invitedAs: invitations.invitedAs,
      invitedAt: invitations.createdAt,
      expiresAt: invitations.expiresAt,
    })
    .from(invitations)
    .where(
      and(
        eq(invitations.tenantId, tenantId),
        isNull(invitations.acceptedAt),
        isNull(invitations.revokedAt),
      ),
    )
    .orderBy(desc(invitations.createdAt));
  return rows.map(({ invitedAs, invitedAt, expiresAt, ...row }) => ({
    ...row,
    byStaff: invitedAs === 'staff',
    invitedAt: invitedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    expired: expiresAt.getTime() <= Date.now(),
  }));
}

/** When something first went well, by the record. */
async function firstEvent(tx: PlatformTransaction, tenantId: TenantId, action: string) {
  const [row] = await tx
    .select({ at: auditEvents.createdAt })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.tenantId, tenantId),
        eventsFound((of) => [
          eq(of.tenantId, tenantId),
          eq(of.action, action),
          eq(of.outcome, 'success'),
        ]),
      ),
    )
    .orderBy(asc(auditEvents.createdAt))
    .limit(1);
  return row?.at.toISOString() ?? null;
}

/** How far a customer is on the way in: from the record, except who owns it and what ran. */
export async function onboardingOf(
  tx: PlatformTransaction,
  tenantId: TenantId,
): Promise<Onboarding> {
  const [owner] = await tx
    .select({ at: min(memberships.createdAt) })
    .from(memberships)
    .where(and(eq(memberships.tenantId, tenantId), eq(memberships.role, 'owner')));
  const [run] = await tx
    .select({ at: min(runs.createdAt) })
    .from(runs)
    .where(and(eq(runs.tenantId, tenantId), eq(runs.state, 'succeeded'), eq(runs.dryRun, false)));
  const joined = owner?.at?.toISOString() ?? null;
  return {
    // Who signed up by themselves was never invited.
    invited: (await firstEvent(tx, tenantId, 'member.invited')) ?? joined,
    joined,
    connected: await firstEvent(tx, tenantId, 'connection.consented'),
    discovered: await firstEvent(tx, tenantId, 'discovery.finished'),
    ran: run?.at?.toISOString() ?? null,
  };
}
