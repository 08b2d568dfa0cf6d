import { type AuditEventId, and, eq, lt, type TenantContext, type TenantTransaction } from '@/db';
import { auditEvents, connections, consentLinks, consentRequests } from '@/db/schema';
import { eventsFound } from '@/lib/audit';
import type { ProviderAccount } from '@/lib/providers';
import type { GivenConsent } from './consent-complete';
import type { ConsentParty } from './consent-party';
import { makeConnection } from './consent-start';
import type { Connection } from './find';

/** Which of a tenant's connections a consent is for. */

/**
 * A new connection in the place of one that was nobody's when this consent was begun, and is another
 * account's by now, as of a second tab.
 */
export async function insteadOf(
  tx: TenantTransaction,
  { context, userId }: ConsentParty,
  now: Connection,
  consent: GivenConsent,
): Promise<Connection | null> {
  if (userId === null || !mismatch(now, consent)) return null;
  if (await hadConsent(tx, now, consent)) return null;
  return makeConnection(tx, { ...context, userId }, now);
}

/** Whether a connection was somebody's already when a consent was begun. */
async function hadConsent(
  tx: TenantTransaction,
  { tenantId, id }: Connection,
  { before, requestId }: GivenConsent,
): Promise<boolean> {
  if (before.accountId === null) return false;
  if (requestId === null) return true;
  const [earlier] = await tx
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.tenantId, tenantId),
        eventsFound((of) => [
          eq(of.tenantId, tenantId),
          eq(of.connectionId, id),
          eq(of.action, 'connection.consented'),
          // Ids are led by the time that they were made at.
          lt(of.id, requestId as AuditEventId),
        ]),
      ),
    )
    .limit(1);
  return earlier !== undefined;
}

/** A connection stays with its account, and the account with its organisation. */
export function mismatch(
  connection: Connection,
  { account, way }: GivenConsent,
): 'other_account' | 'other_organisation' | null {
  if (connection.accountId === null) return null;
  if (connection.accountId !== account.accountId) {
    return way.authority === 'application' ? 'other_organisation' : 'other_account';
  }
  return connection.providerTenant === account.organizationId ? null : 'other_organisation';
}

/** Another connection of the tenant's for the same account, if there is one. */
export async function sameAccount(
  tx: TenantTransaction,
  { tenantId }: TenantContext,
  asked: Connection,
  account: ProviderAccount,
): Promise<Connection | null> {
  const [existing] = await tx
    .select()
    .from(connections)
    .where(
      and(
        eq(connections.tenantId, tenantId),
        eq(connections.provider, asked.provider),
        eq(connections.authority, asked.authority),
        eq(connections.accountId, account.accountId),
      ),
    )
    .for('update');
  return existing && existing.id !== asked.id ? existing : null;
}

/**
 * A new connection for an account that has one already gives way to it, so that its automations
 * and its history go on.
 */
export async function giveWay(
  tx: TenantTransaction,
  { tenantId }: TenantContext,
  asked: Connection,
  existing: Connection,
): Promise<void> {
  await tx
    .update(consentLinks)
    .set({ connectionId: existing.id })
    .where(and(eq(consentLinks.tenantId, tenantId), eq(consentLinks.connectionId, asked.id)));
  await tx
    .update(consentRequests)
    .set({ connectionId: existing.id })
    .where(and(eq(consentRequests.tenantId, tenantId), eq(consentRequests.connectionId, asked.id)));
  await tx
    .delete(connections)
    .where(and(eq(connections.tenantId, tenantId), eq(connections.id, asked.id)));
}
