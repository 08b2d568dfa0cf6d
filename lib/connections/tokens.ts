import { setTimeout as delay } from 'node:timers/promises';
import { and, type ConnectionId, eq, type TenantTransaction, withTenant } from '@/db';
import { connections } from '@/db/schema';
import { RetryLater } from '@/lib/limits';
import {
  ProviderError,
  type ProviderKey,
  type ProviderWay,
  providerNames,
  type TokenSet,
} from '@/lib/providers';
import type { ActingContext } from '@/lib/tenancy';
import { missingScopes, scopesAfterRefresh } from './consent-scopes';
import {
  type Credential,
  loadCredential,
  releaseLease,
  storeRefreshed,
  takeLease,
} from './credentials';
import { ConnectionUnusable } from './errors';
import { type Connection, lockConnection, requireUsable } from './find';
import { noticeOurs } from './our-client';
import { ownFaultOr } from './own-fault';
import { type Signal, signalOf, transition } from './states';

/** A token that ends within this many milliseconds is refreshed before it is used. */
const refreshAheadMs = 120_000;
/** Longest wait for another process's refresh; longer than its lease. */
const longestWaitMs = 40_000;
/** Pause between looks at another process's refresh, in milliseconds. */
const lookEveryMs = 100;

/** Refreshes under way in this process, by tenant and connection. */
const underWay = new Map<string, Promise<string>>();

export interface TokenRequest {
  readonly context: ActingContext;
  readonly connectionId: ConnectionId;
  readonly way: ProviderWay;
  /** What the token endpoint is reached through. */
  readonly fetch: typeof fetch;
  /** The provider has just refused this token: anything else will do. */
  readonly rejected?: string | undefined;
  /** What it demanded of the next one. */
  readonly claims?: string | undefined;
  /** Renew this version, although it may last: ahead of its end, or to see whether it can be done. */
  readonly renew?: number | undefined;
}

/**
 * An access token that should work, refreshed ahead of its end.
 *
 * However many ask at once, in however many processes, the provider sees one refresh: within a
 * process they share it; between processes a lease on the credential's row decides, and a version
 * number makes sure that only its holder's answer counts. No transaction is open during the call.
 * @throws ConnectionUnusable, ProviderError, RetryLater
 */
export async function accessToken(request: TokenRequest): Promise<string> {
  const { credential } = await withTenant(request.context, (tx) => read(tx, request));
  if (isFresh(credential, request)) return credential.accessToken;
  const key = `${request.context.tenantId}/${request.connectionId}`;
  const running = underWay.get(key);
  if (running) {
    const token = await running;
    if (token !== request.rejected) return token;
  }
  const refreshing = refresh(request).finally(() => {
    if (underWay.get(key) === refreshing) underWay.delete(key);
  });
  underWay.set(key, refreshing);
  return refreshing;
}

const isFresh = (credential: Credential, { rejected, renew }: TokenRequest) =>
  credential.accessToken !== rejected &&
  credential.tokenVersion !== renew &&
  credential.accessExpiresAt.getTime() - Date.now() > refreshAheadMs;

const stillWorks = (credential: Credential, rejected: string | undefined) =>
  credential.accessToken !== rejected && credential.accessExpiresAt.getTime() > Date.now();

async function read(tx: TenantTransaction, { context, connectionId }: TokenRequest) {
  const connection = await requireUsable(tx, context, connectionId);
  const credential = await loadCredential(tx, context, connectionId);
  if (!credential) throw new ConnectionUnusable(connectionId, connection.state, null);
  return { credential, connection };
}

async function refresh(request: TokenRequest): Promise<string> {
  const { context, connectionId } = request;
  const deadline = Date.now() + longestWaitMs;
  while (Date.now() < deadline) {
    const { credential, connection, lease } = await withTenant(context, async (tx) => {
      const found = await read(tx, request);
      const stale = !isFresh(found.credential, request);
      const own = stale && (await takeLease(tx, context, connectionId, found.credential));
      return { ...found, lease: own };
    });
    if (lease === false) return credential.accessToken;
    const token = lease
      ? await refreshUnderLease(request, { credential, connection, lease })
      : await delay(lookEveryMs * (0.5 + Math.random()), null);
    if (token !== null) return token;
  }
  throw new RetryLater(5, 'Another process is still renewing the sign-in');
}

interface Held {
  readonly credential: Credential;
  readonly connection: Connection;
  readonly lease: string;
}

/** @returns null when a sibling was faster: look again */
async function refreshUnderLease(request: TokenRequest, held: Held): Promise<string | null> {
  const { context, connectionId, way } = request;
  const { lease } = held;
  let refreshed: TokenSet;
  try {
    refreshed = await askForTokens(request, held);
  } catch (error) {
    return afterFailure(request, held, error);
  }
  const stored = await withTenant(context, async (tx) => {
    // Before its credential, as a consent does: the two must not wait for each other.
    const connection = await lockConnection(tx, context, connectionId);
    if (!(await storeRefreshed(tx, context, connectionId, held.credential, refreshed, lease))) {
      return false;
    }
    await keepScopes(tx, request, connection, refreshed);
    return true;
  });
  await noticeOurs(way, 'token');
  return stored ? refreshed.accessToken : null;
}

/** Record what a refreshed token may do, and that something required is not among it any more. */
async function keepScopes(
  tx: TenantTransaction,
  { context, connectionId, way }: TokenRequest,
  { scopes: before }: Connection,
  refreshed: TokenSet,
): Promise<void> {
  const now = scopesAfterRefresh(way, before, refreshed.scopes);
  if (now.length === before.length && now.every((scope) => before.includes(scope))) return;
  await tx
    .update(connections)
    .set({ scopes: [...now] })
    .where(and(eq(connections.tenantId, context.tenantId), eq(connections.id, connectionId)));
  if (missingScopes(way, now).length > 0) {
    await transition(tx, context, connectionId, { type: 'scopes_missing' });
  }
}

/** Microsoft does not know of an application everywhere at once: after a consent, once more. */
const notKnownYet = /(^|\D)(700016|7000229)$/;
/** Milliseconds after a consent for which that may be so, and to wait before the second request. */
const consentIsFresh = 120_000;
const consentSettles = 2_000;

async function askForTokens(request: TokenRequest, held: Held): Promise<TokenSet> {
  const { way, claims } = request;
  const { grant } = held.credential;
  if (grant === null) throw withoutGrant(way);
  const ask = () => way.oauth(request.fetch).refresh(grant, { claims });
  try {
    return await ask();
  } catch (error) {
    if (singleUse.includes(way.provider) && answerLost(error)) return ask();
    const { state, stateChangedAt } = held.connection;
    const fresh = state === 'verifying' || Date.now() - stateChangedAt.getTime() < consentIsFresh;
    const again = error instanceof ProviderError && notKnownYet.test(error.failure.code ?? '');
    if (!again || !fresh) throw error;
    await delay(consentSettles);
    return ask();
  }
}

function withoutGrant(way: ProviderWay): ProviderError {
  const failure = { kind: 'needs_reconsent', status: null, code: 'no_refresh_token' } as const;
  return new ProviderError(way.provider, 'oauth.refresh', failure);
}

/**
 * Whose refresh tokens can be used once. Slack lets a used one work on for "a short grace period": an
 * answer that is lost is asked for again at once, and lost for good after that.
 */
const singleUse: readonly ProviderKey[] = ['slack'];

/** The connection broke; after a timeout nothing of our lease, or of a grace, would be left. */
const answerLost = (error: unknown) =>
  error instanceof ProviderError &&
  error.kind === 'temporarily_unavailable' &&
  error.failure.status === null &&
  error.failure.code !== 'TimeoutError';

/** Why a grant may be lost although nobody took it back. */
function interruption(
  way: ProviderWay,
  credential: Credential,
  { type }: Signal,
): { readonly reason: string } | null {
  if (type !== 'grant_lost' || !credential.interrupted || !singleUse.includes(way.provider)) {
    return null;
  }
  return {
    reason: `We were interrupted while renewing this sign-in, and ${providerNames[way.provider]} renews each only once. Nobody has withdrawn anything. Connect again.`,
  };
}

/**
 * A refresh that failed: a sibling may have won meanwhile (then the refusal says nothing), the old
 * token may still work, and only then does the failure count against the connection.
 */
async function afterFailure(
  request: TokenRequest,
  { credential, connection, lease }: Held,
  thrown: unknown,
): Promise<string | null> {
  const { context, connectionId, way } = request;
  const error = thrown instanceof ProviderError ? await ownFaultOr(context, thrown) : thrown;
  return withTenant(context, async (tx) => {
    // Before its credential, as a consent does: the two must not wait for each other.
    await lockConnection(tx, context, connectionId);
    await releaseLease(tx, context, connectionId, lease);
    if (!(error instanceof ProviderError)) return { error };
    const now = await loadCredential(tx, context, connectionId);
    const moved =
      now?.tokenVersion !== credential.tokenVersion || now.generation !== credential.generation;
    if (moved) return { token: null };
    if (error.retryable && stillWorks(credential, request.rejected)) {
      return { token: credential.accessToken };
    }
    // Nobody waits for this one: whoever does finds out for himself.
    if (error.retryable && request.renew !== undefined) return { error };
    const signal = signalOf(error, way, connection.scopes);
    if (signal) {
      const reason = interruption(way, credential, signal);
      await transition(tx, context, connectionId, { ...signal, ...reason });
    }
    return { error };
  }).then((result) => {
    if ('error' in result) throw result.error;
    return result.token;
  });
}
