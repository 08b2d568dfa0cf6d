import {
  acrossTenants,
  and,
  type ConnectionId,
  type ConsentLinkId,
  count,
  eq,
  gt,
  isNull,
  type TenantId,
  type TenantTransaction,
  withIdentity,
  withTenant,
} from '@/db';
import {
  type ConsentPurpose,
  consentLinks,
  consentRequests,
  memberships,
  staff,
  tenants,
  users,
} from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { PublicError } from '@/lib/errors';
import { findProvider, findWay } from '@/lib/providers';
import { type ActFacts, type ActingContext, can } from '@/lib/tenancy';
import { beginAllowance } from './consent-allowance';
import { keySetUp } from './consent-key';
import { hour, mostPerHour, usedTooOften } from './consent-link-result';
import type { ConsentParty } from './consent-party';
import { scopesToAsk } from './consent-scopes';
import { digest } from './consent-secrets';
import { beginConsent, type StartedConsent } from './consent-start';
import { type ConsentLinkView, nameOf } from './contract';
import { findConnection, lockConnection } from './find';

const tokenShape = /^[A-Za-z0-9_-]{43}$/;

type Row = NonNullable<Awaited<ReturnType<typeof findLink>>>;

async function findLink(token: string) {
  if (!tokenShape.test(token)) return undefined;
  const [row] = await withIdentity((tx) =>
    tx
      .select({
        id: consentLinks.id,
        tenantId: consentLinks.tenantId,
        connectionId: consentLinks.connectionId,
        purpose: consentLinks.purpose,
        forEmail: consentLinks.forEmail,
        message: consentLinks.message,
        scopes: consentLinks.scopes,
        campaignId: consentLinks.campaignId,
        expiresAt: consentLinks.expiresAt,
        openedAt: consentLinks.openedAt,
        usedAt: consentLinks.usedAt,
        revokedAt: consentLinks.revokedAt,
        tenantName: tenants.name,
        tenantState: tenants.state,
        asker: users.name,
        askerRole: memberships.role,
        staffRole: staff.role,
      })
      .from(consentLinks)
      .innerJoin(tenants, eq(tenants.id, consentLinks.tenantId))
      .leftJoin(users, eq(users.id, consentLinks.madeBy))
      .leftJoin(
        memberships,
        and(
          eq(memberships.tenantId, consentLinks.tenantId),
          eq(memberships.userId, consentLinks.madeBy),
        ),
      )
      .leftJoin(staff, eq(staff.userId, consentLinks.madeBy))
      .where(
        and(
          eq(consentLinks.tokenHash, digest(token)),
          acrossTenants('the secret in a link is all that tells whose link it is'),
        ),
      )
      .limit(1),
  );
  return row;
}

/**
 * A link is worth what its maker may do now: whoever was removed leaves no way in behind, and being
 * staff counts for what staff asked only.
 */
const stands = ({ askerRole, staffRole, campaignId }: Row) =>
  campaignId !== null
    ? staffRole !== null
    : askerRole !== null && can(askerRole, 'connections:manage');

function stateOf(row: Row): 'open' | 'used' | 'withdrawn' | 'expired' {
  if (row.usedAt) return 'used';
  if (row.revokedAt || !stands(row)) return 'withdrawn';
  return row.expiresAt.getTime() > Date.now() ? 'open' : 'expired';
}

const askerOf = ({ asker, campaignId }: Row) =>
  campaignId !== null ? 'The support of Tenantry' : (asker ?? 'A former member');

/** Whoever holds the link, acting in the tenant of the link's own row. */
function guest(row: { tenantId: TenantId; id: string; forEmail: string }, facts: ActFacts) {
  return {
    tenantId: row.tenantId,
    actor: { type: 'guest', id: row.id, name: row.forEmail },
    requestId: facts.requestId,
    ...(facts.ipAddress ? { ipAddress: facts.ipAddress } : {}),
    ...(facts.userAgent ? { userAgent: facts.userAgent } : {}),
  } as const satisfies ActingContext;
}

/**
 * Look at what a link leads to: the link is the only key to it. One that is another organisation's
 * and one that never was are the same. The first look goes on record.
 */
export async function viewConsentLink(token: string, facts: ActFacts): Promise<ConsentLinkView> {
  const row = await findLink(token);
  if (!row) return { state: 'unknown' };
  if (row.tenantState !== 'active') return { state: 'suspended' };
  const context = guest(row, facts);
  const { connection, way } = await withTenant(context, async (tx) => {
    const connection = await findConnection(tx, context, row.connectionId);
    if (row.openedAt === null) await markOpened(tx, context, row);
    return { connection, way: findWay(connection.provider, connection.authority) };
  });
  const { provider, authority } = connection;
  const state = stateOf(row);
  const asked = {
    tenantName: row.tenantName,
    asker: askerOf(row),
    provider,
    authority,
    purpose: row.purpose,
    /** Whose authority it is to be again; a new connection is nobody's yet. */
    account: connection.accountId === null ? null : nameOf(connection),
  };
  if (state !== 'open') return { ...asked, state };
  if (!way || !findProvider(provider)?.configured()) return { state: 'suspended' };
  const scopes = scopesToAsk(way, connection, row.scopes);
  return {
    ...asked,
    state,
    form: way.form,
    message: row.message,
    expiresAt: row.expiresAt.toISOString(),
    scopes: way.scopes.filter(({ scope }) => scopes.includes(scope)),
    keySetUp: keySetUp(way),
  };
}

async function markOpened(tx: TenantTransaction, context: ActingContext, row: Row): Promise<void> {
  const [opened] = await tx
    .update(consentLinks)
    .set({ openedAt: new Date() })
    .where(
      and(
        eq(consentLinks.tenantId, row.tenantId),
        eq(consentLinks.id, row.id),
        isNull(consentLinks.openedAt),
      ),
    )
    .returning({ id: consentLinks.id });
  if (!opened) return;
  await recordAudit(tx, context, {
    action: 'consent_link.opened',
    target: { type: 'consent_link', id: row.id, name: row.forEmail },
    connectionId: row.connectionId,
  });
}

export interface LinkHolder {
  readonly party: ConsentParty;
  readonly open: boolean;
  readonly connectionId: ConnectionId;
  readonly purpose: ConsentPurpose;
  readonly scopes: readonly string[];
}

/**
 * Whoever holds a link, as a party to its consent; null for a link that does not exist or whose
 * organisation rests.
 */
export async function linkParty(token: string, facts: ActFacts): Promise<LinkHolder | null> {
  const row = await findLink(token);
  if (row?.tenantState !== 'active') return null;
  return {
    party: { context: guest(row, facts), userId: null, link: { id: row.id, token } },
    open: stateOf(row) === 'open',
    connectionId: row.connectionId,
    purpose: row.purpose,
    scopes: row.scopes,
  };
}

/**
 * Who holds a link that is open still.
 * @throws PublicError `gone`; the same for a link that never was
 */
export async function requireOpenLink(token: string, facts: ActFacts): Promise<LinkHolder> {
  const holder = await linkParty(token, facts);
  if (holder?.open) return holder;
  throw new PublicError('gone', 'This link is no longer open. Ask for a new one.');
}

/**
 * Lead whoever holds a link to the provider's page.
 * @throws PublicError `gone`, `rate_limited`, `unavailable`
 */
export async function beginByLink(token: string, facts: ActFacts): Promise<StartedConsent> {
  const { party, connectionId, purpose, scopes } = await requireOpenLink(token, facts);
  const { context, link } = party;
  const begin = purpose === 'allowance' ? beginAllowance : beginConsent;
  return withTenant(context, async (tx) => {
    const connection = await lockConnection(tx, context, connectionId);
    const [begun] = await tx
      .select({ total: count() })
      .from(consentRequests)
      .where(
        and(
          eq(consentRequests.tenantId, context.tenantId),
          eq(consentRequests.linkId, link?.id as ConsentLinkId),
          gt(consentRequests.createdAt, new Date(Date.now() - hour)),
        ),
      );
    if ((begun?.total ?? 0) >= mostPerHour) throw usedTooOften();
    return begin(tx, party, connection, scopes);
  });
}
