import { and, eq, type TenantTransaction, withTenant } from '@/db';
import { connections, consentLinks, users } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { found, PublicError } from '@/lib/errors';
import { queueMail } from '@/lib/mail';
import { parametersOf } from './consent-admin';
import type { ConsentAnswer, FinishedConsent } from './consent-answer';
import type { ClaimedConsent } from './consent-claim';
import { endedSince, refuseConsent } from './consent-complete';
import { consentDeclined } from './consent-failure';
import { isLinkOpen } from './consent-link-result';
import { allowedMail } from './consent-mail';
import type { ConsentParty } from './consent-party';
import { scopesToAsk } from './consent-scopes';
import { redirectUri } from './consent-secrets';
import { openRequest, requireWay, type StartedConsent } from './consent-start';
import { nameOf } from './contract';
import { type Connection, lockConnection } from './find';

/** An administrator lets people connect by themselves. Nobody's account is connected by that. */

/**
 * Lead the holder of a link to the page where an administrator allows us for their people.
 * @param wanted scopes to ask for besides those that are asked for anyway
 * @throws PublicError `unavailable`; `conflict` where nobody's leave is needed
 */
export async function beginAllowance(
  tx: TenantTransaction,
  party: ConsentParty,
  connection: Connection,
  wanted: readonly string[],
): Promise<StartedConsent> {
  const way = requireWay(connection.provider, connection.authority);
  if (!way.allowance) throw new PublicError('conflict', 'Nobody has to allow this first.');
  const scopes = scopesToAsk(way, connection, wanted);
  const organization = connection.providerTenant ?? undefined;
  const step = 'admin_consent' as const;
  const opened = await openRequest(tx, party, { connection, way, step, scopes, organization });
  const url = way.allowance().url({
    state: opened.state,
    redirectUri: redirectUri(way.provider, party.link),
    scopes,
    organizationId: organization,
  });
  return { connectionId: connection.id, url, cookie: opened.cookie };
}

/**
 * Back from that page. What its address says proves nothing and is not relied on: that people are let
 * in shows when they connect.
 */
export async function finishAllowance(
  party: ConsentParty,
  claimed: ClaimedConsent,
  answer: ConsentAnswer,
): Promise<FinishedConsent> {
  const { context } = party;
  const { connection, way } = claimed;
  if (!way.allowance) throw new Error(`${way.provider} has no such page`);
  const read = way.allowance().read(parametersOf(answer));
  if (!read.consented) return consentDeclined(party, claimed, read.error, read.description);
  const { outcome } = await withTenant(context, async (tx) => {
    const now = await lockConnection(tx, context, connection.id);
    if (endedSince(connection, now)) return refuseConsent(tx, party, now, 'ended');
    if (now.providerTenant !== null && now.providerTenant !== read.organizationId) {
      return refuseConsent(tx, party, now, 'other_organisation');
    }
    if (!(await isLinkOpen(tx, party))) return refuseConsent(tx, party, now, 'link_closed');
    await spendAllowance(tx, party, now);
    return { outcome: 'allowed' } as const;
  });
  return { outcome, connectionId: connection.id, denied: false };
}

/** The link has done what it was for: on record, on the connection's page, and to who made it. */
async function spendAllowance(
  tx: TenantTransaction,
  { context, link }: ConsentParty,
  connection: Connection,
): Promise<void> {
  if (!link) throw new Error('an administrator’s leave comes by a link');
  const { tenantId } = context;
  const [used] = await tx
    .update(consentLinks)
    .set({ usedAt: new Date() })
    .where(and(eq(consentLinks.tenantId, tenantId), eq(consentLinks.id, link.id)))
    .returning({ forEmail: consentLinks.forEmail, madeBy: consentLinks.madeBy });
  const { forEmail, madeBy } = found(used);
  if (connection.state === 'pending') {
    await tx
      .update(connections)
      .set({ stateReason: `${forEmail} has allowed it. Now connect the account itself.` })
      .where(and(eq(connections.tenantId, tenantId), eq(connections.id, connection.id)));
  }
  await recordAudit(tx, context, {
    action: 'consent_link.used',
    target: { type: 'consent_link', id: link.id, name: forEmail },
    connectionId: connection.id,
    details: { purpose: 'allowance', connection: nameOf(connection) },
  });
  const [maker] = await tx.select({ email: users.email }).from(users).where(eq(users.id, madeBy));
  if (maker)
    await queueMail(tx, context, { to: maker.email, ...allowedMail(forEmail, connection) });
}
