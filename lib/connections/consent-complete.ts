import { and, type ConnectionId, eq, type TenantTransaction } from '@/db';
import { connections, consentRequests } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import type { ProviderAccount, ProviderWay, TokenSet } from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';
import { type ConsentOutcome, nameOf } from './contract';
import { loadCredential, replaceCredential } from './credentials';
import { requestDiscovery } from './discovery-request';
import { type Connection, lockConnection } from './find';
import { transition } from './states';

export interface GivenConsent {
  readonly connectionId: ConnectionId;
  readonly way: ProviderWay;
  readonly tokens: TokenSet;
  readonly account: ProviderAccount;
}

interface Completed {
  readonly outcome: ConsentOutcome;
  readonly connectionId: ConnectionId;
}

/**
 * Put a consent to work in one transaction: account, credential, states, record and the discovery
 * that follows. The old credential stays unless the new one is at least as good.
 */
export async function completeConsent(
  tx: TenantTransaction,
  context: MemberContext,
  consent: GivenConsent,
): Promise<Completed> {
  const asked = await lockConnection(tx, context, consent.connectionId);
  if (!isSameAccount(asked, consent.account)) return refuse(tx, context, asked, 'other_account');
  const connection = await rightfulConnection(tx, context, asked, consent.account);
  if (!isSameAccount(connection, consent.account)) {
    return refuse(tx, context, connection, 'other_account');
  }
  const connectionId = connection.id;
  const missing = missingScopes(consent);
  if (missing.length > 0 && (await stillWorks(tx, context, connection))) {
    return refuse(tx, context, connection, 'scopes_missing', { missing });
  }
  await replaceCredential(tx, context, connectionId, consent.tokens);
  await describeAccount(tx, context, connectionId, consent);
  await recordAudit(tx, context, {
    action: 'connection.consented',
    target: {
      type: 'connection',
      id: connectionId,
      name: consent.account.email ?? consent.account.name ?? nameOf(connection),
    },
    connectionId,
    details: { account: consent.account.email, scopes: consent.tokens.scopes, missing },
  });
  await transition(tx, context, connectionId, { type: 'consented' });
  if (missing.length > 0) {
    await transition(tx, context, connectionId, { type: 'scopes_missing' });
    return { outcome: 'scopes_missing', connectionId };
  }
  await transition(tx, context, connectionId, { type: 'verified' });
  await requestDiscovery(tx, context, connectionId);
  return { outcome: 'connected', connectionId };
}

/** A connection stays with its account, and the account with its organisation. */
function isSameAccount(connection: Connection, account: ProviderAccount): boolean {
  if (connection.accountId === null) return true;
  return (
    connection.accountId === account.accountId &&
    connection.providerTenant === account.organizationId
  );
}

/**
 * A new connection for an account that has one already gives way to it, so that its automations
 * and its history go on.
 */
async function rightfulConnection(
  tx: TenantTransaction,
  context: MemberContext,
  asked: Connection,
  account: ProviderAccount,
): Promise<Connection> {
  const { tenantId } = context;
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
  if (!existing || existing.id === asked.id) return asked;
  await tx
    .update(consentRequests)
    .set({ connectionId: existing.id })
    .where(and(eq(consentRequests.tenantId, tenantId), eq(consentRequests.connectionId, asked.id)));
  await tx
    .delete(connections)
    .where(and(eq(connections.tenantId, tenantId), eq(connections.id, asked.id)));
  return existing;
}

function missingScopes({ way, tokens }: GivenConsent): string[] {
  return way.scopes
    .filter(({ scope, required }) => required && !tokens.scopes.includes(scope))
    .map(({ scope }) => scope);
}

/** Whether there is a working credential that a lesser one must not replace. */
async function stillWorks(
  tx: TenantTransaction,
  context: MemberContext,
  connection: Connection,
): Promise<boolean> {
  if (connection.state !== 'active' && connection.state !== 'degraded') return false;
  return (await loadCredential(tx, context, connection.id)) !== null;
}

async function describeAccount(
  tx: TenantTransaction,
  context: MemberContext,
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

async function refuse(
  tx: TenantTransaction,
  context: MemberContext,
  connection: Connection,
  outcome: ConsentOutcome,
  details: Readonly<Record<string, unknown>> = {},
): Promise<Completed> {
  await recordAudit(tx, context, {
    action: 'connection.consent_failed',
    target: { type: 'connection', id: connection.id, name: nameOf(connection) },
    outcome: 'failure',
    connectionId: connection.id,
    details: { reason: outcome, ...details },
  });
  return { outcome, connectionId: connection.id };
}
