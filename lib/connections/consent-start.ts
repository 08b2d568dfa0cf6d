import {
  and,
  type ConnectionId,
  count,
  desc,
  eq,
  gt,
  inArray,
  isNull,
  lt,
  newId,
  sql,
  type TenantContext,
  type TenantTransaction,
  withTenant,
} from '@/db';
import { type ConsentStep, connections, consentRequests } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { PublicError } from '@/lib/errors';
import {
  type Authority,
  findProvider,
  findWay,
  type ProviderKey,
  type ProviderWay,
  providerNames,
} from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';
import { seal } from '@/lib/vault';
import { type ConsentParty, memberParty } from './consent-party';
import { scopesToAdd, scopesToAsk } from './consent-scopes';
import {
  type ConsentCookie,
  consentCookie,
  consentLifetime,
  digest,
  newSecret,
  newSession,
  redirectUri,
} from './consent-secrets';
import { nameOf } from './contract';
import { type Connection, findConnection } from './find';
import { handedOut } from './open-link';

export interface StartedConsent {
  readonly connectionId: ConnectionId;
  /** The provider's consent page. */
  readonly url: string;
  readonly cookie: ConsentCookie;
}

/** A new connection, or one that needs consent again or for more. */
export type ConsentWish =
  | { readonly provider: ProviderKey; readonly authority: Authority }
  | { readonly connectionId: ConnectionId; readonly scopes?: readonly string[] | undefined };

/**
 * A way that a provider can be connected in on this installation.
 * @throws PublicError `unavailable`
 */
export function requireWay(key: ProviderKey, authority: Authority): ProviderWay {
  const way = findProvider(key)?.configured() ? findWay(key, authority) : null;
  if (way) return way;
  throw new PublicError(
    'unavailable',
    `${providerNames[key]} is not set up on this installation. Ask whoever runs it.`,
  );
}

/**
 * Begin a consent: for a new connection, or for one that needs it again (which keeps its id, its
 * automations and its history). It asks for what is required, what was given before, and the further
 * scopes that are wished for; where the provider can add to a consent that counts, for what is new.
 * @returns the page to send the browser to, and the cookie to set before
 * @throws PublicError `not_found`, `rate_limited`, `unavailable`
 */
export async function startConsent(
  context: MemberContext,
  wish: ConsentWish,
): Promise<StartedConsent> {
  return withTenant(context, async (tx) => {
    await refuseTooMany(tx, context);
    const connection = await wishedConnection(tx, context, wish);
    const wanted = 'scopes' in wish ? (wish.scopes ?? []) : [];
    return beginConsent(tx, memberParty(context), connection, wanted);
  });
}

/** Consents that one member may begin in an hour. */
const mostPerHour = 100;
const hour = 60 * 60 * 1_000;

async function refuseTooMany(
  tx: TenantTransaction,
  { tenantId, userId }: MemberContext,
): Promise<void> {
  const [begun] = await tx
    .select({ total: count() })
    .from(consentRequests)
    .where(
      and(
        eq(consentRequests.tenantId, tenantId),
        eq(consentRequests.userId, userId),
        gt(consentRequests.createdAt, new Date(Date.now() - hour)),
      ),
    );
  if ((begun?.total ?? 0) < mostPerHour) return;
  const message = `You have begun ${mostPerHour} consents in an hour. Begin others a little later.`;
  throw new PublicError('rate_limited', message, { retryAfterSeconds: hour / 1_000 });
}

/** Hours after its end that a flow is known for what it was. */
const keptHours = 24;

/** Forget the flows of a tenant that are long over, with what was sealed for them. */
async function forgetOld(tx: TenantTransaction, { tenantId }: TenantContext): Promise<void> {
  const before = new Date(Date.now() - keptHours * hour);
  await tx
    .delete(consentRequests)
    .where(and(eq(consentRequests.tenantId, tenantId), lt(consentRequests.expiresAt, before)));
}

/**
 * The connection of a wish, made if it is a new one.
 * @throws PublicError `not_found`, `unavailable`
 */
export function wishedConnection(
  tx: TenantTransaction,
  context: MemberContext,
  wish: ConsentWish,
): Promise<Connection> {
  return 'connectionId' in wish
    ? findConnection(tx, context, wish.connectionId)
    : pendingConnection(tx, context, wish);
}

/**
 * One's own connection that never got its consent, or a new one: starting over leaves no litter. One
 * that somebody else was handed a link for is left to them.
 */
async function pendingConnection(
  tx: TenantTransaction,
  context: MemberContext,
  { provider, authority }: { readonly provider: ProviderKey; readonly authority: Authority },
): Promise<Connection> {
  requireWay(provider, authority);
  const [left] = await tx
    .select()
    .from(connections)
    .where(
      and(
        eq(connections.tenantId, context.tenantId),
        eq(connections.provider, provider),
        eq(connections.authority, authority),
        inArray(connections.state, ['pending', 'verifying']),
        eq(connections.createdBy, context.userId),
        isNull(connections.accountId),
        sql`not ${handedOut}`,
      ),
    )
    .orderBy(desc(connections.id))
    .limit(1);
  return left ?? makeConnection(tx, context, { provider, authority });
}

/** A connection that is nobody's yet. */
export async function makeConnection(
  tx: TenantTransaction,
  context: Pick<MemberContext, 'tenantId' | 'userId'>,
  { provider, authority }: { readonly provider: ProviderKey; readonly authority: Authority },
): Promise<Connection> {
  const [made] = await tx
    .insert(connections)
    .values({
      tenantId: context.tenantId,
      id: newId<ConnectionId>(),
      provider,
      authority,
      createdBy: context.userId,
    })
    .returning();
  if (!made) throw new Error('a connection was inserted and not returned');
  return made;
}

/**
 * Lead somebody to the provider's page, in the transaction at hand.
 * @param wanted scopes to ask for besides those that are asked for anyway
 * @throws PublicError `unavailable`; `conflict` where the way is not opened on a provider's page
 */
export async function beginConsent(
  tx: TenantTransaction,
  party: ConsentParty,
  connection: Connection,
  wanted: readonly string[],
): Promise<StartedConsent> {
  const way = requireWay(connection.provider, connection.authority);
  if (way.form === 'service_account') {
    throw new PublicError('conflict', 'This is connected with a service account’s key.');
  }
  const admin = way.form === 'admin_consent' ? requireAdminConsent(way) : null;
  const added = scopesToAdd(way, connection, wanted);
  const scopes = added ?? scopesToAsk(way, connection, wanted);
  const step = admin ? 'admin_consent' : 'authorization';
  const organization = admin ? (connection.providerTenant ?? undefined) : undefined;
  const opened = await openRequest(tx, party, { connection, way, step, scopes, organization });
  await recordAudit(tx, party.context, {
    action: 'connection.requested',
    target: { type: 'connection', id: connection.id, name: nameOf(connection) },
    connectionId: connection.id,
    details: {
      provider: connection.provider,
      again: connection.accountId !== null,
      ...(wanted.length > 0 ? { wanted } : {}),
    },
  });
  const { state, codeChallenge, cookie } = opened;
  const back = { state, redirectUri: redirectUri(way.provider, party.link) };
  const url = admin
    ? admin.url({ ...back, organizationId: organization })
    : way.oauth().authorizationUrl({
        ...back,
        codeChallenge,
        scopes,
        incremental: added !== null,
        loginHint: connection.accountEmail ?? undefined,
      });
  return { connectionId: connection.id, url, cookie };
}

/** The steps of an administrator's consent. @throws Error for an adapter without them */
export function requireAdminConsent(way: ProviderWay, send?: typeof fetch) {
  if (!way.adminConsent) throw new Error(`${way.provider} has no administrator’s consent`);
  return way.adminConsent(send);
}

export interface NewRequest {
  readonly connection: Connection;
  readonly way: ProviderWay;
  readonly step: ConsentStep;
  readonly scopes: readonly string[];
  /** Which organisation's administrator is asked, where it is known; with a sign-in, to be proven. */
  readonly organization?: string | undefined;
}

/** Remember a redirect to the provider, so that whoever comes back is known to be who left. */
export async function openRequest(
  tx: TenantTransaction,
  party: ConsentParty,
  { connection, way, step, scopes, organization }: NewRequest,
) {
  await forgetOld(tx, party.context);
  const { codeVerifier, codeChallenge } = await way.oauth().createPkce();
  const id: string = newId();
  const state = newSecret();
  const stateHash = digest(state);
  const session = newSession(stateHash, party);
  const verifier = { kind: 'consent', subjectId: id, generation: 1 } as const;
  await tx.insert(consentRequests).values({
    tenantId: party.context.tenantId,
    id,
    connectionId: connection.id,
    stateHash,
    sessionHash: digest(session),
    sealedVerifier: await seal(tx, party.context, verifier, codeVerifier),
    userId: party.userId,
    linkId: party.link?.id ?? null,
    step,
    organization: organization ?? null,
    scopes: [...scopes],
    expiresAt: new Date(Date.now() + consentLifetime * 1_000),
  });
  return { id, state, codeChallenge, cookie: consentCookie(party.link, stateHash, session) };
}
