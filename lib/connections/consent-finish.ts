import { timingSafeEqual } from 'node:crypto';
import { and, type ConnectionId, eq, type TenantTransaction, withTenant } from '@/db';
import { connections, consentRequests } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { logger } from '@/lib/observability';
import { findProvider, ProviderError, type ProviderKey, type ProviderWay } from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';
import { open } from '@/lib/vault';
import { completeConsent } from './consent-complete';
import { consentCookieName, digest, redirectUri, requireWay } from './consent-start';
import { type ConsentOutcome, nameOf } from './contract';
import { findConnection } from './find';
import { recordedFetch } from './transport';

/** What the provider put on the address that it led back to. */
export interface ConsentAnswer {
  readonly provider: ProviderKey;
  readonly state?: string | undefined;
  readonly code?: string | undefined;
  readonly error?: string | undefined;
}

export interface FinishedConsent {
  readonly outcome: ConsentOutcome;
  /** Where to lead the person; null when the flow is not known here. */
  readonly connectionId: ConnectionId | null;
  /** Somebody brought a flow that is not theirs: a denial to put on record. */
  readonly denied: boolean;
}

type Request = typeof consentRequests.$inferSelect;
type Claimed =
  | { readonly refused: FinishedConsent }
  | { readonly request: Request; readonly verifier: string; readonly way: ProviderWay };

const refused = (
  outcome: ConsentOutcome,
  connectionId: ConnectionId | null = null,
): { readonly refused: FinishedConsent } => ({
  refused: { outcome, connectionId, denied: outcome === 'foreign' },
});

/**
 * Finish a consent as its provider led back. Whatever is wrong, nothing that worked before is lost,
 * and the outcome says in plain words what happened.
 * @param cookie reads a cookie of the browser that came back
 */
export async function finishConsent(
  context: MemberContext,
  answer: ConsentAnswer,
  cookie: (name: string) => string | undefined,
): Promise<FinishedConsent> {
  const claimed = await withTenant(context, (tx) => claim(tx, context, answer, cookie));
  if ('refused' in claimed) return claimed.refused;
  const { connectionId } = claimed.request;
  if (answer.error !== undefined) return declined(context, connectionId, answer);
  try {
    const done = await exchange(context, claimed, answer);
    return { ...done, denied: false };
  } catch (error) {
    return failed(context, connectionId, error);
  }
}

/** Recognise the flow and use it up: it is for this browser, this person, this tenant, and once. */
async function claim(
  tx: TenantTransaction,
  context: MemberContext,
  answer: ConsentAnswer,
  cookie: (name: string) => string | undefined,
): Promise<Claimed> {
  if (!answer.state) return refused('foreign');
  const stateHash = digest(answer.state);
  const own = and(
    eq(consentRequests.tenantId, context.tenantId),
    eq(consentRequests.stateHash, stateHash),
  );
  const [request] = await tx.select().from(consentRequests).where(own).for('update');
  if (!request || request.userId !== context.userId) return refused('foreign');
  const session = cookie(consentCookieName(stateHash));
  if (!session || !sameText(digest(session), request.sessionHash)) return refused('foreign');
  const connection = await findConnection(tx, context, request.connectionId);
  if (connection.provider !== answer.provider) return refused('foreign');
  if (request.usedAt) return refused('reused', request.connectionId);
  const binding = { kind: 'consent', subjectId: request.id, generation: 1 } as const;
  const verifier = await open(tx, context, binding, request.sealedVerifier);
  await tx.update(consentRequests).set({ usedAt: new Date(), sealedVerifier: '' }).where(own);
  if (request.expiresAt.getTime() < Date.now()) return refused('expired', request.connectionId);
  const way = requireWay(connection.provider, connection.authority);
  return { request, verifier, way };
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

async function exchange(
  context: MemberContext,
  { request, verifier, way }: Extract<Claimed, { request: Request }>,
  answer: ConsentAnswer,
) {
  const { connectionId } = request;
  const oauth = way.oauth(recordedFetch({ context, connectionId, way, scope: {} }));
  if (!answer.code) {
    const failure = { kind: 'invalid_response', status: null, code: 'no_code' } as const;
    throw new ProviderError(way.provider, 'oauth.callback', failure);
  }
  const tokens = await oauth.exchangeCode({
    code: answer.code,
    codeVerifier: verifier,
    redirectUri: redirectUri(way.provider),
  });
  const account = await oauth.account(tokens.accessToken);
  return withTenant(context, (tx) =>
    completeConsent(tx, context, { connectionId, way, tokens, account }),
  );
}

/** The person, or their administrator, said no on the provider's page. */
async function declined(
  context: MemberContext,
  connectionId: ConnectionId,
  answer: ConsentAnswer,
): Promise<FinishedConsent> {
  const error = answer.error ?? '';
  const reason = findProvider(answer.provider)?.explainConsentRefusal(error) ?? error;
  await recordFailure(context, connectionId, reason, error.slice(0, 100));
  const outcome = /^(admin_policy_enforced|org_internal)$/.test(error) ? 'blocked' : 'denied';
  return { outcome, connectionId, denied: false };
}

async function failed(
  context: MemberContext,
  connectionId: ConnectionId,
  error: unknown,
): Promise<FinishedConsent> {
  if (!(error instanceof ProviderError)) throw error;
  const { kind, operation, failure } = error;
  logger.warn({ operation, kind, code: failure.code }, 'a consent could not be finished');
  await recordFailure(context, connectionId, error.publicMessage, failure.code ?? kind);
  const outcome = kind === 'blocked_by_policy' ? 'blocked' : 'provider_failed';
  return { outcome, connectionId, denied: false };
}

/** The connection stays as it was; one that never worked says why. */
async function recordFailure(
  context: MemberContext,
  connectionId: ConnectionId,
  reason: string,
  code: string,
): Promise<void> {
  await withTenant(context, async (tx) => {
    const connection = await findConnection(tx, context, connectionId);
    if (connection.state === 'pending') {
      await tx
        .update(connections)
        .set({ stateReason: reason })
        .where(and(eq(connections.tenantId, context.tenantId), eq(connections.id, connectionId)));
    }
    await recordAudit(tx, context, {
      action: 'connection.consent_failed',
      target: {
        type: 'connection',
        id: connectionId,
        name: nameOf(connection),
      },
      outcome: 'failure',
      connectionId,
      details: { code },
    });
  });
}
