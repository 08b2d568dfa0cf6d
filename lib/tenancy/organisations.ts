import {
  acrossTenants,
  and,
  asc,
  eq,
  type IdentityTransaction,
  type MembershipId,
  newId,
  type TenantId,
  type UserId,
  withIdentity,
  withTenant,
} from '@/db';
import { memberships, tenants } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { notFound, PublicError } from '@/lib/errors';
import { createTenantKey } from '@/lib/vault';
import { type ActFacts, type ActingContext, actingAs, type MemberContext } from './context';
import type { OrganisationSummary } from './contract';
import { loadMembership, type Membership } from './membership';

/** A person's organisations, the one they joined first at the top. */
export function organisationsOf(userId: UserId): Promise<OrganisationSummary[]> {
  return withIdentity((tx) => organisationsIn(tx, userId));
}

/** The same within a transaction at hand. */
export function organisationsIn(tx: IdentityTransaction, userId: UserId) {
  return tx
    .select({
      id: tenants.id,
      name: tenants.name,
      role: memberships.role,
      state: tenants.state,
    })
    .from(memberships)
    .innerJoin(tenants, eq(tenants.id, memberships.tenantId))
    .where(
      and(
        eq(memberships.userId, userId),
        acrossTenants('a person chooses among their own organisations before there is a tenant'),
      ),
    )
    .orderBy(asc(memberships.createdAt), asc(memberships.id));
}

/**
 * Make an organisation with its key and its first owner, on record, in the transaction at hand.
 * @returns its id
 */
export async function createTenant(
  tx: IdentityTransaction,
  owner: { readonly userId: UserId; readonly name: string },
  name: string,
  facts: ActFacts,
): Promise<TenantId> {
  const id = newId<TenantId>();
  await makeTenant(tx, actingAs(id, owner, facts), name);
  await tx
    .insert(memberships)
    .values({ tenantId: id, id: newId<MembershipId>(), userId: owner.userId, role: 'owner' });
  return id;
}

/**
 * Make an organisation that nobody belongs to yet, with its key, on record: staff make it ready for
 * whom they invite.
 */
export function prepareTenant(context: ActingContext, name: string): Promise<void> {
  return withIdentity((tx) => makeTenant(tx, context, name));
}

async function makeTenant(
  tx: IdentityTransaction,
  context: ActingContext,
  name: string,
): Promise<void> {
  const id = context.tenantId;
  await tx.insert(tenants).values({ id, name });
  await createTenantKey(tx, id);
  await recordAudit(tx, context, {
    action: 'tenant.created',
    target: { type: 'tenant', id, name },
  });
}

/** @throws PublicError `conflict` when it is called so already */
export async function renameTenant(context: MemberContext, name: string): Promise<void> {
  await withTenant(context, async (tx) => {
    const own = eq(tenants.id, context.tenantId);
    const [before] = await tx.select({ name: tenants.name }).from(tenants).where(own).for('update');
    if (before?.name === name) {
      throw new PublicError('conflict', 'The organisation has that name already.', {
        fields: { name: 'That is the name it has now.' },
      });
    }
    await tx.update(tenants).set({ name }).where(own);
    await recordAudit(tx, context, {
      action: 'tenant.renamed',
      target: { type: 'tenant', id: context.tenantId, name },
      details: { before: before?.name, after: name },
    });
  });
}

/**
 * The membership that lets a person work in a tenant now.
 * @param sessionVersion of the session that asks
 * @throws PublicError `not_found` when there is none, the tenant is not active, or the session is over
 */
export async function requireEntry(
  tenantId: TenantId,
  person: { readonly userId: UserId; readonly sessionVersion: number },
): Promise<Membership> {
  const membership = await loadMembership(tenantId, person.userId);
  const open =
    membership?.tenantState === 'active' && membership.sessionVersion === person.sessionVersion;
  if (!membership || !open) throw notFound();
  return membership;
}
