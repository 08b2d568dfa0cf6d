import { and, type ConnectionId, eq, type TenantContext, type TenantTransaction } from '@/db';
import { connections, tenants } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import type { Grant, ProviderAccount, ProviderWay, TokenSet } from '@/lib/providers';
import { giveWay, insteadOf, mismatch, sameAccount } from './consent-connection';
import { isLinkOpen, spendLink, tellRefusal } from './consent-link-result';
import { withdrawAnswered } from './consent-links';
import type { ConsentParty } from './consent-party';
import { lostScopes, missingScopes } from './consent-scopes';
import { type ConsentOutcome, nameOf } from './contract';
import { loadCredential, replaceCredential } from './credentials';
import { requestDiscovery } from './discovery-request';
import { type Connection, findConnection, lockConnection } from './find';
import { transition } from './states';

export interface GivenConsent {
  /** The connection as it was when the consent was given. */
  readonly before: Connection;
  /** The redirect that it began with; null for a key. */
  readonly requestId: string | null;
  readonly way: ProviderWay;
  /** Scopes that were asked for. */
  readonly asked: readonly string[];
  readonly tokens: TokenSet;
  readonly account: ProviderAccount;
  /** What further tokens are got with, where that is no refresh token. */
  readonly grant?: Grant;
}

export interface Completed {
  readonly outcome: ConsentOutcome;
  readonly connectionId: ConnectionId;
}

/**
 * Put a consent to work in one transaction: account, credential, states, record and the discovery
 * that follows. The old credential stays unless the new one is at least as good.
 */
export async function completeConsent(
  tx: TenantTransaction,
  party: ConsentParty,
  consent: GivenConsent,
): Promise<Completed> {
  const { context } = party;
  await oneAtATime(tx, context);
  const now = await lockConnection(tx, context, consent.before.id);
  if (endedSince(consent.before, now)) {
    return refuseConsent(tx, party, now, 'ended');
  }
  const asked = (await insteadOf(tx, party, now, consent)) ?? now;
  const faultOfAsked = mismatch(asked, consent);
  if (faultOfAsked) return refuseConsent(tx, party, asked, faultOfAsked);
  const existing = await sameAccount(tx, context, asked, consent.account);
  const connection = existing ?? asked;
  const fault = mismatch(connection, consent);
  if (fault) return refuseConsent(tx, party, connection, fault);
  const given = ownScopes(connection, consent);
  const missing = missingScopes(consent.way, given);
  if (await stillWorks(tx, context, connection)) {
    const lost = [...new Set([...missing, ...lostScopes(consent.way, connection, given)])];
    if (lost.length > 0) {
      return refuseConsent(tx, party, connection, 'scopes_missing', { missing: lost });
    }
  }
  if (party.link && !(await isLinkOpen(tx, party))) {
    return refuseConsent(tx, party, connection, 'link_closed');
  }
  if (existing) await giveWay(tx, context, asked, existing);
  await store(tx, party, connection, { ...consent, tokens: { ...consent.tokens, scopes: given } });
  const part = { missing, notGiven: notGiven(asked, consent) };
  const done = await conclude(tx, party, connection.id, part);
  await answerLinks(tx, party, done);
  return done;
}

/** Whether somebody has ended the connection while its consent was under way. */
export const endedSince = (before: Connection, now: Connection): boolean =>
  now.state === 'disconnected' && before.state !== 'disconnected';

/**
 * A link is used up by the whole of what it was made for; until then it can be gone on with. Others
 * that ask for nothing more have lost their reason.
 */
async function answerLinks(
  tx: TenantTransaction,
  party: ConsentParty,
  { outcome, connectionId }: Completed,
): Promise<void> {
  const connection = await findConnection(tx, party.context, connectionId);
  if (outcome === 'connected') {
    if (party.link) await spendLink(tx, party, connection);
    return withdrawAnswered(tx, party.context, connection);
  }
  if (!party.link) return;
  const reason =
    outcome === 'not_all'
      ? 'the further permission was left out. It works as before.'
      : 'a permission that is needed was left out.';
  await tellRefusal(tx, party, connection, { outcome: 'partly', reason });
}

/**
 * Of what the answer lists, what was asked for here, now or before. Providers add up what an account
 * allowed our client, and another organisation may have asked for more.
 */
function ownScopes(connection: Connection, { asked, tokens, way }: GivenConsent): string[] {
  if (way.form !== 'authorization_code') return [...tokens.scopes];
  return tokens.scopes.filter(
    (scope) => asked.includes(scope) || connection.scopes.includes(scope),
  );
}

/** Two consents for the same account at once would make it two connections. */
async function oneAtATime(tx: TenantTransaction, { tenantId }: TenantContext): Promise<void> {
  await tx.select({ id: tenants.id }).from(tenants).where(eq(tenants.id, tenantId)).for('update');
}

async function store(
  tx: TenantTransaction,
  { context }: ConsentParty,
  connection: Connection,
  consent: GivenConsent,
): Promise<void> {
  const { account, tokens, grant } = consent;
  await replaceCredential(tx, context, connection.id, tokens, grant);
  await describeAccount(tx, context, connection.id, consent);
  await recordAudit(tx, context, {
    action: 'connection.consented',
    target: {
      type: 'connection',
      id: connection.id,
      name: account.email ?? account.name ?? nameOf(connection),
    },
    connectionId: connection.id,
    details: {
      account: account.email,
      scopes: tokens.scopes,
      missing: missingScopes(consent.way, tokens.scopes),
    },
  });
}

async function conclude(
  tx: TenantTransaction,
  { context, userId }: ConsentParty,
  connectionId: ConnectionId,
  { missing, notGiven }: { readonly missing: readonly string[]; readonly notGiven: boolean },
): Promise<Completed> {
  await transition(tx, context, connectionId, { type: 'consented' });
  if (missing.length > 0) {
    await transition(tx, context, connectionId, { type: 'scopes_missing' });
    return { outcome: 'scopes_missing', connectionId };
  }
  await transition(tx, context, connectionId, { type: 'verified' });
  await requestDiscovery(tx, { ...context, userId }, connectionId);
  return { outcome: notGiven ? 'not_all' : 'connected', connectionId };
}

/** One thing more was asked for, and left out. */
const notGiven = (before: Connection, { asked, tokens, way }: GivenConsent) =>
  before.accountId !== null &&
  way.form === 'authorization_code' &&
  way.scopes.some(({ scope }) => asked.includes(scope) && !tokens.scopes.includes(scope));

/** Whether there is a working credential that a lesser one must not replace. */
async function stillWorks(
  tx: TenantTransaction,
  context: TenantContext,
  connection: Connection,
): Promise<boolean> {
  if (connection.state !== 'active' && connection.state !== 'degraded') return false;
  return (await loadCredential(tx, context, connection.id)) !== null;
}

async function describeAccount(
  tx: TenantTransaction,
  context: TenantContext,
  connectionId: ConnectionId,
  { account, tokens, way }: GivenConsent,
): Promise<void> {
  await tx
    .update(connections)
    .set({
      accountId: account.accountId,
      accountEmail: account.email,
      providerTenant: account.organizationId,
      organizationName: way.authority === 'application' ? account.name : null,
      scopes: [...tokens.scopes],
    })
    .where(and(eq(connections.tenantId, context.tenantId), eq(connections.id, connectionId)));
}

/** Why a link was used in vain, for who made it. */
const forMaker: Readonly<Partial<Record<ConsentOutcome, string>>> = {
  other_account: 'another account was chosen than the one of this connection.',
  other_organisation: 'it was given for another organisation than the one of this connection.',
  scopes_missing: 'a permission was left out that it has, so the old consent was kept.',
};

/** Nothing has changed, and the record says why. */
export async function refuseConsent(
  tx: TenantTransaction,
  party: ConsentParty,
  connection: Connection,
  outcome: ConsentOutcome,
  details: Readonly<Record<string, unknown>> = {},
): Promise<Completed> {
  const { context } = party;
  if (connection.state === 'verifying') {
    await transition(tx, context, connection.id, { type: 'unverified' });
  }
  await recordAudit(tx, context, failedEvent(connection, { reason: outcome, ...details }));
  const reason = forMaker[outcome];
  if (reason) await tellRefusal(tx, party, connection, { outcome: 'refused', reason });
  return { outcome, connectionId: connection.id };
}

/** The line of the record for a consent that came to nothing. */
export function failedEvent(
  connection: Connection,
  details: Readonly<Record<string, unknown>>,
): Parameters<typeof recordAudit>[2] {
  return {
    action: 'connection.consent_failed',
    target: { type: 'connection', id: connection.id, name: nameOf(connection) },
    outcome: 'failure',
    connectionId: connection.id,
    details,
  };
}
