import { and, type ConnectionId, eq, type TenantTransaction } from '@/db';
import { connections } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { found } from '@/lib/errors';
import type { ProviderError, ProviderWay } from '@/lib/providers';
import type { ActingContext } from '@/lib/tenancy';
import { notAskedYet } from './consent-scopes';
import { type ConnectionState, nameOf } from './contract';
import { followIncident } from './incidents/record';

/** What happened to a connection, whichever provider it is with. */
export const signalTypes = [
  'consented',
  'verified',
  'unverified',
  'scopes_missing',
  'call_succeeded',
  'unavailable',
  'grant_lost',
  'policy_blocked',
  'blame_lifted',
  'disconnected',
] as const;
export type SignalType = (typeof signalTypes)[number];

export interface Signal {
  readonly type: SignalType;
  /** The provider's own code (`invalid_grant`), for the record. */
  readonly code?: string | null;
  /** Plain words that replace the usual ones. */
  readonly reason?: string;
}

type Moves = Readonly<Partial<Record<ConnectionState, ConnectionState>>>;

const fromAnywhere = (to: ConnectionState): Moves => ({
  pending: to,
  verifying: to,
  active: to,
  degraded: to,
  needs_scopes: to,
  needs_reconsent: to,
  blocked_by_policy: to,
  disconnected: to,
});

/**
 * The state machine: signal × state → state. What is not in it changes nothing, so that a signal
 * may come twice, late, or from several processes at once.
 */
export const moves: Readonly<Record<SignalType, Moves>> = {
  consented: fromAnywhere('verifying'),
  verified: { verifying: 'active' },
  unverified: { verifying: 'pending' },
  scopes_missing: { verifying: 'needs_scopes', active: 'needs_scopes', degraded: 'needs_scopes' },
  call_succeeded: { degraded: 'active' },
  unavailable: { active: 'degraded' },
  grant_lost: {
    verifying: 'needs_reconsent',
    active: 'needs_reconsent',
    degraded: 'needs_reconsent',
    needs_scopes: 'needs_reconsent',
  },
  policy_blocked: {
    verifying: 'blocked_by_policy',
    active: 'blocked_by_policy',
    degraded: 'blocked_by_policy',
    needs_scopes: 'blocked_by_policy',
  },
  // What looked like this organisation's policy was our own fault, which every organisation met.
  blame_lifted: { blocked_by_policy: 'active' },
  disconnected: fromAnywhere('disconnected'),
};

const reasons: Readonly<Record<SignalType, string | null>> = {
  consented: null,
  verified: null,
  unverified: 'Consent was given, but it could not be confirmed. Please start again.',
  scopes_missing: 'A permission is missing. Connect again and allow all of them.',
  call_succeeded: null,
  unavailable: 'The provider answers badly at the moment. We keep trying.',
  grant_lost:
    'The provider no longer accepts this connection: consent was withdrawn, has expired, or the password was changed. Connect again.',
  policy_blocked: 'The administrator of your organisation does not allow this.',
  blame_lifted: null,
  disconnected: null,
};

/** Where a signal leads, or the same state. */
export function nextState(state: ConnectionState, signal: SignalType): ConnectionState {
  return moves[signal][state] ?? state;
}

export interface Transition {
  readonly from: ConnectionState;
  readonly to: ConnectionState;
  readonly changed: boolean;
}

/**
 * Move a connection by what happened. Locks its row; the same signal again changes nothing, and
 * each change writes exactly one audit event.
 * @throws PublicError `not_found`
 */
export async function transition(
  tx: TenantTransaction,
  context: ActingContext,
  connectionId: ConnectionId,
  signal: Signal,
): Promise<Transition> {
  const own = and(eq(connections.tenantId, context.tenantId), eq(connections.id, connectionId));
  const [row] = await tx.select().from(connections).where(own).for('update');
  const connection = found(row);
  const from = connection.state;
  const to = nextState(from, signal.type);
  const reason = signal.reason ?? reasons[signal.type];
  if (from === to) {
    // A member disconnects what the provider's own notice of that has ended just before.
    if (signal.type === 'disconnected') {
      await followIncident(tx, context, { connectionId, from, to, reason });
    }
    return { from, to, changed: false };
  }
  await tx
    .update(connections)
    .set({ state: to, stateReason: reason, stateChangedAt: new Date() })
    .where(own);
  await recordAudit(tx, context, {
    action: 'connection.state_changed',
    target: {
      type: 'connection',
      id: connectionId,
      name: nameOf(connection),
    },
    outcome: to === 'active' || to === 'verifying' || to === 'disconnected' ? 'success' : 'failure',
    connectionId,
    details: { from, to, signal: signal.type, ...(signal.code ? { code: signal.code } : {}) },
  });
  await followIncident(tx, context, { connectionId, from, to, reason });
  return { from, to, changed: true };
}

/**
 * What a failed call says about the connection as a whole; null when it says nothing, as with a
 * single resource out of reach, a permission that nobody was asked for yet, a throttle, or a fault of
 * our own client.
 * @param way how it is connected: a claim that is demanded twice is one that the person can bring, and
 *   that nobody can bring for an organisation
 * @param granted what the connection is known to have
 */
export function signalOf(
  error: ProviderError,
  way: Pick<ProviderWay, 'authority' | 'scopes'>,
  granted: readonly string[],
): Signal | null {
  const { code, advice } = error.failure;
  const said = { code, ...(advice ? { reason: advice } : {}) };
  switch (error.kind) {
    case 'temporarily_unavailable':
      return { type: 'unavailable', ...said };
    case 'token_rejected':
      return code === 'insufficient_claims' && way.authority === 'application'
        ? { type: 'policy_blocked', ...said }
        : { type: 'grant_lost', ...said };
    case 'needs_reconsent':
      return { type: 'grant_lost', ...said };
    case 'needs_scopes':
      if (notAskedYet(way, granted, error.failure)) return null;
      return { type: 'scopes_missing', ...said };
    case 'blocked_by_policy':
      return { type: 'policy_blocked', ...said };
    case 'throttled':
    case 'app_fault':
    case 'forbidden':
    case 'not_found':
    case 'conflict':
    case 'invalid_request':
    case 'invalid_response':
      return null;
  }
}
