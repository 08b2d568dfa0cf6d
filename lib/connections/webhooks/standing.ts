import { type ConnectionId, eq, type TenantTransaction, withTenant } from '@/db';
import { tenants } from '@/db/schema';
import { RetryLater } from '@/lib/limits';
import { findProvider, findWay, ProviderError, type ProviderFailureKind } from '@/lib/providers';
import type { ActingContext } from '@/lib/tenancy';
import { renewToken } from '../client';
import { type Credential, loadCredential } from '../credentials';
import { ConnectionUnusable } from '../errors';
import { findConnection } from '../find';
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
  throw noAnswer();
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
  const way = findWay(connection.provider, connection.authority);
  if (!credential || !way || !findProvider(connection.provider)?.configured()) return 'unasked';
  const send = recordedFetch({ context, connectionId, way, scope: {} });
  try {
    await way.oauth(send).account(credential.accessToken);
    return 'intact';
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.retryable) throw noAnswer();
    return error.kind === 'needs_reconsent' ? 'lost' : 'unasked';
  }
}
