import { type ConnectionId, withTenant } from '@/db';
import { PublicError } from '@/lib/errors';
import { longestPauseSeconds, RetryLater } from '@/lib/limits';
import {
  findProvider,
  findWay,
  type ProviderClient,
  ProviderError,
  type ProviderScope,
} from '@/lib/providers';
import type { ActingContext } from '@/lib/tenancy';
import type { CallScope } from './calls';
import { notAskedYet } from './consent-scopes';
import { loadCredential } from './credentials';
import { type Connection, lockConnection, requireUsable } from './find';
import { observe } from './observe';
import { faultOfOurs, noticeOurs, passOurGate } from './our-client';
import { ownFaultOr } from './own-fault';
import { type Signal, signalOf, transition } from './states';
import { accessToken } from './tokens';
import { type Door, recordedFetch, transportOf } from './transport';

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

/** Seconds after which a call that was to try something out may be asked for again. */
const retrySeconds = 15;

/** The same, for an attempt that must be over at a deadline. */
export async function openClient(
  context: ActingContext,
  connectionId: ConnectionId,
  scope: CallScope,
  deadline?: () => number | undefined,
): Promise<ProviderClient> {
  const entry = await enter(context, connectionId, scope, deadline);
  const { door, connection } = entry;
  const { way } = door;
  const passage = await passOurGate(way);
  if (passage?.probes === 'token' && !(await renewNow(entry))) {
    throw new RetryLater(retrySeconds, 'The provider does not answer at the moment');
  }
  let degraded = connection.state === 'degraded';
  return observe(way.client(transportOf(door, connection.scopes)), {
    async succeeded() {
      await noticeOurs(way, 'api');
      if (!degraded) return;
      degraded = false;
      await withTenant(context, (tx) =>
        transition(tx, context, connectionId, { type: 'call_succeeded' }),
      );
    },
    async failed(error) {
      if (!(error instanceof ProviderError)) return error;
      degraded ||= error.kind === 'temporarily_unavailable';
      return afterFailure(entry, error);
    },
  });
}

/**
 * Ask the provider who a connection is, which is next to nothing, to see whether one that answered
 * badly, and that nobody has called through since, works again.
 * @param deadline milliseconds since the epoch, at which the last call must be over
 * @returns whether it does; its state says so by then
 * @throws RetryLater, ConnectionUnusable; PublicError `unavailable`
 */
export async function worksAgain(
  context: ActingContext,
  connectionId: ConnectionId,
  deadline: number,
): Promise<boolean> {
  const entry = await enter(context, connectionId, {}, () => deadline);
  const { way } = entry.door;
  const fetch = recordedFetch(entry.door);
  try {
    const token = await accessToken({ context, connectionId, way, fetch });
    await way.oauth(fetch).account(token);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    await afterFailure(entry, error);
    return false;
  }
  await withTenant(context, (tx) =>
    transition(tx, context, connectionId, { type: 'call_succeeded' }),
  );
  return true;
}

interface Entry {
  readonly door: Door;
  readonly connection: Connection;
}

/** The door of a connection that may be called through now. */
async function enter(
  context: ActingContext,
  connectionId: ConnectionId,
  scope: CallScope,
  deadline?: () => number | undefined,
): Promise<Entry> {
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
  return { door, connection };
}

/**
 * Renew a token ahead of its end, or to see whether the provider still renews it.
 * @param seen the version that was found due: a later one is left alone
 * @returns whether it is another one than before; not when the provider is out of reach for now
 * @throws RetryLater, ProviderError, ConnectionUnusable; PublicError `unavailable`
 */
export async function renewToken(
  context: ActingContext,
  connectionId: ConnectionId,
  seen?: number,
): Promise<boolean> {
  const entry = await enter(context, connectionId, {});
  await passOurGate(entry.door.way);
  return renewNow(entry, seen);
}

/**
 * Renew a connection's token, whether or not it still lasts.
 * @returns whether it is another one than before; not when the provider is out of reach for now
 * @throws RetryLater, ProviderError, ConnectionUnusable
 */
async function renewNow(entry: Entry, seen?: number): Promise<boolean> {
  const { door } = entry;
  const { context, connectionId, way } = door;
  const before = await withTenant(context, (tx) => loadCredential(tx, context, connectionId));
  // A token that cannot be renewed is used until it ends.
  if (!before?.grant) return false;
  if (seen !== undefined && before.tokenVersion !== seen) return true;
  const renew = before.tokenVersion;
  const fetch = recordedFetch(door);
  try {
    const token = await accessToken({ context, connectionId, way, fetch, renew });
    return token !== before.accessToken;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.retryable) return false;
    throw await afterFailure(entry, error);
  }
}

/** Let a failure move the connection or pause its budget; gives the error to throw. */
async function afterFailure({ door, connection }: Entry, thrown: ProviderError): Promise<Error> {
  const { context, way } = door;
  const error = await ownFaultOr(context, thrown);
  const { failure } = error;
  if (failure.kind === 'throttled') {
    // The budget that was meant has been paused where the answer came in.
    const seconds = Math.min(failure.retryAfterSeconds, longestPauseSeconds);
    return new RetryLater(seconds, 'The provider asked us to slow down');
  }
  if (failure.kind === 'app_fault') return faultOfOurs(way, error);
  const signal = signalOf(error, way, connection.scopes);
  if (signal && !(await follow(context, connection, signal))) {
    return new RetryLater(1, 'The sign-in was replaced meanwhile');
  }
  const lacking = notAskedYet(way, connection.scopes, failure);
  return lacking ? lacks(error, lacking) : error;
}

/**
 * Move the connection by what a call met.
 * @param connection as it was when the call's client was opened
 * @returns false when there has been another consent since: a refusal may be about the one before
 */
function follow(context: ActingContext, { id, generation }: Connection, signal: Signal) {
  return withTenant(context, async (tx) => {
    const now = await lockConnection(tx, context, id);
    if (now.generation !== generation && signal.type !== 'unavailable') return false;
    await transition(tx, context, id, signal);
    return true;
  });
}

/** The same failure, which names the permission and says where it is given. */
function lacks(error: ProviderError, { title }: ProviderScope): ProviderError {
  const advice = `This takes a permission that the connection was not given yet: “${title}”. Allow it on the connection’s page.`;
  const failure = { ...error.failure, advice };
  return new ProviderError(error.provider, error.operation, failure, error.ambiguous, {
    cause: error,
  });
}
