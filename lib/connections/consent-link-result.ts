import { and, count, eq, isNotNull, type TenantTransaction } from '@/db';
import { consentLinks, consentRequests, users } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { found } from '@/lib/errors';
import { queueMail } from '@/lib/mail';
import { type FailedResult, type LinkResult, resultMail } from './consent-mail';
import type { ConsentParty } from './consent-party';
import type { Connection } from './find';

type Link = typeof consentLinks.$inferSelect;

async function lockLink(tx: TenantTransaction, { context, link }: ConsentParty): Promise<Link> {
  if (!link) throw new Error('this consent did not come by a link');
  const [row] = await tx
    .select()
    .from(consentLinks)
    .where(and(eq(consentLinks.tenantId, context.tenantId), eq(consentLinks.id, link.id)))
    .for('update');
  return found(row);
}

/** Whether a link may be used still; locked, so that of two people at the same time one gets it. */
export async function isLinkOpen(tx: TenantTransaction, party: ConsentParty): Promise<boolean> {
  const { usedAt, revokedAt, expiresAt } = await lockLink(tx, party);
  return !usedAt && !revokedAt && expiresAt.getTime() > Date.now();
}

/**
 * Use up an open link, in the transaction that did all of what it was for, and tell who made it.
 * @param connection as it is now
 */
export async function spendLink(
  tx: TenantTransaction,
  party: ConsentParty,
  connection: Connection,
): Promise<void> {
  const { context } = party;
  const link = await lockLink(tx, party);
  await tx
    .update(consentLinks)
    .set({ usedAt: new Date() })
    .where(and(eq(consentLinks.tenantId, context.tenantId), eq(consentLinks.id, link.id)));
  await recordAudit(tx, context, {
    action: 'consent_link.used',
    target: { type: 'consent_link', id: link.id, name: link.forEmail },
    connectionId: connection.id,
  });
  await tell(tx, party, link, connection, { outcome: 'connected' });
}

/**
 * Tell who made a link that it was used in vain: the first time only, since whoever has the link may
 * try as often as they like.
 */
export async function tellRefusal(
  tx: TenantTransaction,
  party: ConsentParty,
  connection: Connection,
  result: FailedResult,
): Promise<void> {
  if (!party.link) return;
  const link = await lockLink(tx, party);
  const [tries] = await tx
    .select({ total: count() })
    .from(consentRequests)
    .where(
      and(
        eq(consentRequests.tenantId, party.context.tenantId),
        eq(consentRequests.linkId, link.id),
        isNotNull(consentRequests.usedAt),
      ),
    );
  if ((tries?.total ?? 0) <= 1) await tell(tx, party, link, connection, result);
}

/** By mail, to who is still a member; staff see what came of a campaign on its page. */
async function tell(
  tx: TenantTransaction,
  { context }: ConsentParty,
  link: Link,
  connection: Connection,
  result: LinkResult,
): Promise<void> {
  if (link.campaignId !== null) return;
  const [maker] = await tx
    .select({ email: users.email })
    .from(users)
    .where(eq(users.id, link.madeBy));
  if (!maker) return;
  const letter = resultMail({ forEmail: link.forEmail, connection, result });
  await queueMail(tx, context, { to: maker.email, ...letter });
}
