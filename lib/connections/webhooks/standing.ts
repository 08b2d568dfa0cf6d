import { type ConnectionId, eq, type TenantTransaction, withTenant } from '@/db';
import { tenants } from '@/db/schema';
import { RetryLater } from '@/lib/limits';
import { findProvider, findWay, ProviderError, type ProviderFailureKind } from '@/lib/providers';
import type { ActingContext } from '@/lib/tenancy';
import { renewToken } from '../client';
import { type Credential, loadCredential } from '../credentials';
import { ConnectionUnusable } from '../errors';
import { type Connection, findConnection } from '../find';
import { signalOf, transition } from '../states';
import { recordedFetch } from '../transport';

/**
 * What a provider says of a connection's authority; `unasked` where it cannot be asked now, as for an
 * organisation that is suspended: then a notice decides nothing, and the next use finds out.
 */
export type Standing = 'intact' | 'lost' | 'unasked';

/** What a provider says of a token that nothing will bring back but people. */
const endings: readonly ProviderFailureKind[] = [
  'token_rejected',
  'needs_reconsent',
  'blocked_by_policy',
];

/** Seconds after which a provider that does not answer is asked again. */
const askAgainAfter = 30;
const noAnswer = () => new RetryLater(askAgainAfter, 'The provider does not answer at the moment');

/**
 * Ask the provider whether a connection that is in use still has its authority. A notice alone decides
 * nothing: it may be late, about an earlier consent, or about somebody else's token.
 * @returns `lost` when it has none any more; the connection's state says so by then
 * @throws RetryLater while the provider does not answer
 */
export async function standingOf(
  context: ActingContext,
  connectionId: ConnectionId,
): Promise<Standing> {
  try {
    if (await renewToken(context, connectionId)) return 'intact';
  } catch (error) {
    if (error instanceof ConnectionUnusable) return 'unasked';
    if (error instanceof ProviderError && endings.includes(error.kind)) return 'lost';
    throw error;
  }
  return lastingStandingOf(context, connectionId);
}

/** The same of a token that lasts and is never renewed, as of a Slack app without rotation. */
async function lastingStandingOf(
  context: ActingContext,
  connectionId: ConnectionId,
): Promise<Standing> {
  const held = await withTenant(context, (tx) => heldBy(tx, context, connectionId));
  const { connection, credential } = held;
  if (credential?.grant !== null) throw noAnswer();
  const error = await refusalOf(context, connection, credential);
  if (error === null) return 'intact';
  if (error === 'unasked' || !endings.includes(error.kind)) return 'unasked';
  const way = findWay(connection.provider, connection.authority);
  const signal = way && signalOf(error, way, connection.scopes);
  if (signal) await withTenant(context, (tx) => transition(tx, context, connectionId, signal));
  return 'lost';
}

/** The credential of a connection that rests, unless nothing may be asked for its organisation. */
async function heldBy(tx: TenantTransaction, context: ActingContext, connectionId: ConnectionId) {
  const connection = await findConnection(tx, context, connectionId);
  const [tenant] = await tx
    .select({ state: tenants.state })
    .from(tenants)
    .where(eq(tenants.id, context.tenantId));
  const credential: Credential | null =
    tenant?.state === 'active' ? await loadCredential(tx, context, connectionId) : null;
  return { connection, credential };
}

/**
 * Ask the provider whose the token is that a resting connection still holds. It is not renewed: a
 * connection that waits for people is not called through.
 * @returns `lost` only when the provider says that the grant has ended; that the token ran out, or is
 *   not let in now, says nothing of the grant
 * @throws RetryLater while the provider does not answer
 */
export async function restingStandingOf(
  context: ActingContext,
  connectionId: ConnectionId,
): Promise<Standing> {
  const { connection, credential } = await withTenant(context, (tx) =>
    heldBy(tx, context, connectionId),
  );
  if (!credential) return 'unasked';
  const error = await refusalOf(context, connection, credential);
  if (error === null) return 'intact';
  return error !== 'unasked' && error.kind === 'needs_reconsent' ? 'lost' : 'unasked';
}

/**
 * Ask whose the token is that a connection holds.
 * @returns why it opens nothing, or null when it does
 * @throws RetryLater while the provider does not answer
 */
async function refusalOf(
  context: ActingContext,
  { id: connectionId, provider, authority }: Connection,
  { accessToken }: Credential,
): Promise<ProviderError | null | 'unasked'> {
  const way = findWay(provider, authority);
  if (!way || !findProvider(provider)?.configured()) return 'unasked';
  const send = recordedFetch({ context, connectionId, way, scope: {} });
  try {
    await way.oauth(send).account(accessToken);
    return null;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.retryable) throw noAnswer();
    return error;
  }
}
