import {
  and,
  type ConnectionId,
  type ConsentLinkId,
  count,
  eq,
  gt,
  isNull,
  ne,
  newId,
  type SQL,
  sql,
  type TenantTransaction,
  type UserId,
  withTenant,
} from '@/db';
import { type ConsentPurpose, consentLinks, consentRequests, tenants } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { env } from '@/lib/env';
import { found, PublicError } from '@/lib/errors';
import { queueMail } from '@/lib/mail';
import type { ActingContext, MemberContext } from '@/lib/tenancy';
import { linkMail } from './consent-mail';
import { digest, newSecret } from './consent-secrets';
import { type ConsentWish, requireWay, wishedConnection } from './consent-start';
import type { LinkTerms, MadeLink } from './contract';
import { type Connection, lockConnection } from './find';

export interface NewConsentLink {
  readonly connectionId: ConnectionId;
  readonly purpose: ConsentPurpose;
  /** Whom it is for, as `emailAddress` gives it. */
  readonly forEmail: string;
  readonly message?: string | undefined;
  /** Scopes to ask for besides the required ones and those given already. */
  readonly scopes?: readonly string[] | undefined;
  readonly campaignId?: string | undefined;
  readonly expiresAt: Date;
}

/** Links that one person may make in an hour: each may become a mail to anybody. */
const mostPerHour = 100;
const hour = 60 * 60 * 1_000;
const day = 24 * hour;

const linkAddress = (token: string) => `${env.APP_URL}/reconsent/${token}`;

const open = (context: ActingContext, ...more: SQL[]) =>
  and(
    eq(consentLinks.tenantId, context.tenantId),
    isNull(consentLinks.usedAt),
    isNull(consentLinks.revokedAt),
    ...more,
  );

/**
 * Make a link by which somebody without an account can give a connection its authority, in the
 * transaction at hand. It takes the place of an earlier one of the same connection. Those of campaigns
 * leave each other and a member's own alone: whoever got a mail may have handed its link on already,
 * and a reminder must not spoil it.
 * @param context whose actor, a member or staff, is who asks
 * @returns the address, which is kept nowhere and cannot be had again
 * @throws PublicError `not_found`, `rate_limited`, `unavailable` where the provider is not set up
 */
export async function createConsentLink(
  tx: TenantTransaction,
  context: ActingContext,
  link: NewConsentLink,
): Promise<{ readonly id: ConsentLinkId; readonly url: string }> {
  const connection = await lockConnection(tx, context, link.connectionId);
  requireWay(connection.provider, connection.authority);
  if (link.campaignId === undefined) {
    await refuseTooMany(tx, context);
    await withdrawOpen(tx, context, 'replaced by a new link', [
      eq(consentLinks.connectionId, connection.id),
      isNull(consentLinks.campaignId),
      // Who lets people connect, and whose account it is, are asked beside each other.
      link.purpose === 'allowance'
        ? eq(consentLinks.purpose, link.purpose)
        : ne(consentLinks.purpose, 'allowance'),
    ]);
  }
  const token = newSecret();
  const id = newId<ConsentLinkId>();
  await tx.insert(consentLinks).values({
    ...{ tenantId: context.tenantId, id, connectionId: connection.id, purpose: link.purpose },
    tokenHash: digest(token),
    forEmail: link.forEmail,
    message: link.message ?? null,
    scopes: [...(link.scopes ?? [])],
    madeBy: context.actor.id as UserId,
    campaignId: link.campaignId ?? null,
    expiresAt: link.expiresAt,
  });
  await recordAudit(tx, context, {
    action: 'consent_link.made',
    target: { type: 'consent_link', id, name: link.forEmail },
    connectionId: connection.id,
    details: { purpose: link.purpose, expires_at: link.expiresAt.toISOString() },
  });
  return { id, url: linkAddress(token) };
}

async function refuseTooMany(
  tx: TenantTransaction,
  { tenantId, actor }: ActingContext,
): Promise<void> {
  const since = new Date(Date.now() - hour);
  const [made] = await tx
    .select({ total: count() })
    .from(consentLinks)
    .where(
      and(
        eq(consentLinks.tenantId, tenantId),
        eq(consentLinks.madeBy, actor.id as UserId),
        gt(consentLinks.createdAt, since),
      ),
    );
  if ((made?.total ?? 0) < mostPerHour) return;
  throw new PublicError(
    'rate_limited',
    `You have made ${mostPerHour} links in an hour. Make the others a little later.`,
    { retryAfterSeconds: hour / 1_000 },
  );
}

async function withdrawOpen(
  tx: TenantTransaction,
  context: ActingContext,
  reason: string | null,
  which: readonly SQL[],
): Promise<number> {
  const withdrawn = await tx
    .update(consentLinks)
    .set({ revokedAt: new Date() })
    .where(open(context, ...which))
    .returning({
      id: consentLinks.id,
      forEmail: consentLinks.forEmail,
      connectionId: consentLinks.connectionId,
    });
  for (const { id, forEmail, connectionId } of withdrawn) {
    await recordAudit(tx, context, {
      action: 'consent_link.withdrawn',
      target: { type: 'consent_link', id, name: forEmail },
      connectionId,
      ...(reason ? { details: { reason } } : {}),
    });
  }
  return withdrawn.length;
}

/**
 * Hand a consent over to who is the administrator, or whose account it is: a link, and if wished the
 * mail that carries it.
 * @throws PublicError `not_found`, `rate_limited`, `unavailable`, `conflict`
 */
export function handOverConsent(
  context: MemberContext,
  wish: ConsentWish,
  terms: LinkTerms,
): Promise<MadeLink> {
  return withTenant(context, async (tx) => {
    const connection = await wishedConnection(tx, context, wish);
    const expiresAt = new Date(Date.now() + terms.days * day);
    const scopes = 'scopes' in wish ? wish.scopes : undefined;
    const purpose = purposeOf(connection, terms);
    const { url } = await createConsentLink(tx, context, {
      connectionId: connection.id,
      purpose,
      forEmail: terms.forEmail,
      message: terms.message,
      scopes,
      expiresAt,
    });
    if (terms.mail) {
      const [tenant] = await tx
        .select({ name: tenants.name })
        .from(tenants)
        .where(eq(tenants.id, context.tenantId));
      const letter = linkMail({
        asker: context.actor.name,
        tenantName: found(tenant).name,
        connection,
        purpose,
        message: terms.message ?? null,
        expiresAt,
        url,
      });
      await queueMail(tx, context, { to: terms.forEmail, ...letter });
    }
    return {
      connectionId: connection.id,
      url,
      forEmail: terms.forEmail,
      expiresAt: expiresAt.toISOString(),
      mailed: terms.mail,
    };
  });
}

/** @throws PublicError `conflict` where nobody's leave is needed for people to connect */
function purposeOf(
  { provider, authority, accountId }: Connection,
  { allowance }: LinkTerms,
): ConsentPurpose {
  if (!allowance) return accountId === null ? 'admin_consent' : 'reconsent';
  if (requireWay(provider, authority).allowance) return 'allowance';
  throw new PublicError('conflict', 'Nobody has to allow this first: connect the account itself.');
}

/**
 * Withdraw the open link of a connection; its page says so from then on.
 * @throws PublicError `not_found`; `conflict` when no link is open (any more)
 */
export function withdrawConsentLink(
  context: MemberContext,
  connectionId: ConnectionId,
): Promise<void> {
  return withTenant(context, async (tx) => {
    const connection = await lockConnection(tx, context, connectionId);
    const withdrawn = await withdrawOpen(tx, context, null, [
      eq(consentLinks.connectionId, connection.id),
    ]);
    if (withdrawn > 0) return;
    throw new PublicError('conflict', 'There is no open link any more.');
  });
}

/**
 * Withdraw whatever link is open for a connection, since it has ended, and the consents under way:
 * none of them brings it back.
 */
export async function withdrawOpenLinks(
  tx: TenantTransaction,
  context: ActingContext,
  connectionId: ConnectionId,
): Promise<void> {
  await withdrawOpen(tx, context, 'its connection has ended', [
    eq(consentLinks.connectionId, connectionId),
  ]);
  await tx
    .update(consentRequests)
    .set({ usedAt: new Date(), sealedVerifier: '' })
    .where(
      and(
        eq(consentRequests.tenantId, context.tenantId),
        eq(consentRequests.connectionId, connectionId),
        isNull(consentRequests.usedAt),
      ),
    );
}

/** Withdraw the links of a connection that ask for nothing which it has not been given by now. */
export async function withdrawAnswered(
  tx: TenantTransaction,
  context: ActingContext,
  { id, scopes }: Pick<Connection, 'id' | 'scopes'>,
): Promise<void> {
  await withdrawOpen(tx, context, 'consent was given', [
    eq(consentLinks.connectionId, id),
    sql`${consentLinks.scopes} <@ ${sql.param([...scopes], consentLinks.scopes)}`,
  ]);
}

/** Withdraw what a campaign has sent out to an organisation, since it was stopped. */
export async function revokeCampaignLinks(
  tx: TenantTransaction,
  context: ActingContext,
  campaignId: string,
): Promise<void> {
  await withdrawOpen(tx, context, 'its campaign was stopped', [
    eq(consentLinks.campaignId, campaignId),
  ]);
}
