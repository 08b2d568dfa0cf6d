import { and, count, eq, gt, inArray, type TenantTransaction } from '@/db';
import { auditEvents, consentLinks, users } from '@/db/schema';
import { eventsFound, recordAudit } from '@/lib/audit';
import { found, PublicError } from '@/lib/errors';
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

/** On the record of a link: what its holder tried, whichever way it is connected. */
const attempts = ['connection.consent_failed', 'connection.consented'];

/** How often a consent by this link came to an end that is on record. */
async function countAttempts(
  tx: TenantTransaction,
  { context, link }: ConsentParty,
  since?: Date,
): Promise<number> {
  const [tries] = await tx
    .select({ total: count() })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.tenantId, context.tenantId),
        eventsFound((of) => [
          eq(of.tenantId, context.tenantId),
          eq(of.actorId, link?.id ?? ''),
          inArray(of.action, attempts),
          since && gt(of.createdAt, since),
        ]),
      ),
    );
  return tries?.total ?? 0;
}

/** Times that a consent may be begun, or a key be given, by one link in an hour. */
export const mostPerHour = 30;
export const hour = 60 * 60 * 1_000;

/** @throws PublicError `rate_limited` for a link by which too many keys have been tried */
export async function refuseTooManyTries(
  tx: TenantTransaction,
  party: ConsentParty,
): Promise<void> {
  const tries = await countAttempts(tx, party, new Date(Date.now() - hour));
  if (tries >= mostPerHour) throw usedTooOften();
}

export const usedTooOften = () =>
  new PublicError('rate_limited', 'This link was used too often. Try again in an hour.', {
    retryAfterSeconds: hour / 1_000,
  });

/**
 * Tell who made a link that it was used in vain: the first time only, since whoever has the link may
 * try as often as they like. To be called after the attempt was put on record.
 */
export async function tellRefusal(
  tx: TenantTransaction,
  party: ConsentParty,
  connection: Connection,
  result: FailedResult,
): Promise<void> {
  if (!party.link) return;
  const link = await lockLink(tx, party);
  if ((await countAttempts(tx, party)) <= 1) await tell(tx, party, link, connection, result);
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
