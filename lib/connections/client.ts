import { type ConnectionId, withTenant } from '@/db';
import { PublicError } from '@/lib/errors';
import { budgets, pauseBudget, RetryLater } from '@/lib/limits';
import { logger } from '@/lib/observability';
import { findProvider, findWay, type ProviderClient, ProviderError } from '@/lib/providers';
import type { ActingContext } from '@/lib/tenancy';
import type { CallScope } from './calls';
import { requireUsable } from './find';
import { observe } from './observe';
import { signalOf, transition } from './states';
import { type Door, transportOf } from './transport';

/**
 * The one door to a provider. Every call made through what it returns carries a fresh token, takes
 * from the account's budget, is repeated a little when that is safe, and is on record; what the
 * provider says of the connection moves its state.
 * @param scope on whose behalf: shown beside the calls; the run defaults to the context's
 * @returns the adapter's client. Its methods throw ProviderError, RetryLater (the engine takes the
 *   step up again after so many seconds) and ConnectionUnusable (somebody has to reconnect first)
 * @throws ConnectionUnusable; PublicError `not_found`, `unavailable`
 */
export function providerClient(
  context: ActingContext,
  connectionId: ConnectionId,
  scope: CallScope = {},
): Promise<ProviderClient> {
  return openClient(context, connectionId, scope);
}

/** The same, for an attempt that must be over at a deadline. */
export async function openClient(
  context: ActingContext,
  connectionId: ConnectionId,
  scope: CallScope,
  deadline?: () => number | undefined,
): Promise<ProviderClient> {
  const connection = await withTenant(context, (tx) => requireUsable(tx, context, connectionId));
  const way = findWay(connection.provider, connection.authority);
  if (!way || !findProvider(connection.provider)?.configured()) {
    throw new PublicError('unavailable', 'This provider is not set up on this installation.');
  }
  const runId = scope.runId ?? context.runId;
  const door: Door = {
    context,
    connectionId,
    way,
    scope: { ...scope, ...(runId ? { runId } : {}) },
    ...(deadline ? { deadline } : {}),
  };
  let degraded = connection.state === 'degraded';
  return observe(way.client(transportOf(door, connection.scopes)), {
    async succeeded() {
      if (!degraded) return;
      degraded = false;
      await withTenant(context, (tx) =>
        transition(tx, context, connectionId, { type: 'call_succeeded' }),
      );
    },
    async failed(error) {
      if (!(error instanceof ProviderError)) return error;
      degraded ||= error.kind === 'temporarily_unavailable';
      return afterFailure(door, error);
    },
  });
}

/** Let a failure move the connection or pause its budget; gives the error to throw. */
async function afterFailure(door: Door, error: ProviderError): Promise<Error> {
  const { context, connectionId, way } = door;
  const { failure } = error;
  if (failure.kind === 'throttled') {
    await pauseBudget(context, connectionId, budgets[way.provider], failure.retryAfterSeconds);
    return new RetryLater(failure.retryAfterSeconds, 'The provider asked us to slow down');
  }
  if (failure.kind === 'app_fault') {
    logger.error(
      { provider: way.provider, operation: error.operation, code: failure.code },
      'the provider refuses our own client: check its id, secret and redirect address',
    );
  }
  const signal = signalOf(error);
  if (signal) await withTenant(context, (tx) => transition(tx, context, connectionId, signal));
  return error;
}
