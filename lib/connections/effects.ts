import type { ConnectionId, EffectId } from '@/db';
import { RetryLater } from '@/lib/limits';
import { type ProviderClient, ProviderError } from '@/lib/providers';
import type { ActingContext } from '@/lib/tenancy';
import { openClient } from './client';
import {
  EffectLedger,
  type EffectRequest,
  type EffectResult,
  type EffectRow,
} from './effect-ledger';
import { ConnectionUnusable, EffectUnclear } from './errors';

export interface Effect extends EffectResult {
  readonly id: EffectId;
  /** Made by an earlier attempt; nothing was sent this time. */
  readonly replayed: boolean;
}

/** The provider's answer to: did an earlier attempt get through? */
export type Reconciliation =
  | { readonly was: 'done'; readonly result: EffectResult }
  | { readonly was: 'not_done' }
  | { readonly was: 'unclear' };

/**
 * How to find out. `safe_to_repeat` for changes that the provider itself makes only once however
 * often they are sent (adding a label, an event with an id of our choosing).
 */
export type Reconcile = 'safe_to_repeat' | ((client: ProviderClient) => Promise<Reconciliation>);

/**
 * Make one change at the provider at most once, with intent and outcome on the record.
 *
 * The intent is committed with its audit event before anything is sent, the outcome after it. An
 * earlier attempt that ended in the open is looked up at the provider first; what stays unclear is
 * parked and never sent again.
 * @param attempt makes the change; only what it returns goes on record
 * @param reconcile how to find out whether an earlier attempt got through
 * @throws ProviderError when the change was certainly not made; RetryLater when it is not the time;
 *   EffectUnclear when nobody can tell; ConnectionUnusable
 */
export async function performEffect(
  context: ActingContext,
  connectionId: ConnectionId,
  request: EffectRequest,
  attempt: (client: ProviderClient) => Promise<EffectResult>,
  reconcile: Reconcile,
): Promise<Effect> {
  const ledger = new EffectLedger(context, connectionId, request);
  const { runId, runStepId } = request;
  const client = await openClient(
    context,
    connectionId,
    { runId, runStepId },
    () => ledger.deadline,
  );
  const begin = await ledger.begin(reconcile === 'safe_to_repeat');
  if (begin.next === 'return') return replay(begin.row);
  if (begin.next === 'look' && reconcile !== 'safe_to_repeat') {
    const earlier = await settle(ledger, begin.id, await reconcile(client));
    if (earlier) return earlier;
    await ledger.again(begin.id);
  }
  try {
    const result = await attempt(client);
    await ledger.finish(begin.id, 'done', result);
    return { ...result, id: begin.id, replayed: false };
  } catch (error) {
    return afterFailure(ledger, begin.id, error, () =>
      reconcile === 'safe_to_repeat' ? null : reconcile(client),
    );
  }
}

function replay(row: EffectRow): Effect {
  return {
    id: row.id,
    reference: row.providerReference,
    replayed: true,
    ...(row.outcome ? { outcome: row.outcome } : {}),
  };
}

/** Put on record what the provider says of an earlier attempt; null when it never got through. */
async function settle(
  ledger: EffectLedger,
  id: EffectId,
  answer: Reconciliation,
): Promise<Effect | null> {
  if (answer.was === 'done') {
    await ledger.finish(id, 'done', answer.result);
    return { ...answer.result, id, replayed: true };
  }
  if (answer.was === 'unclear') {
    await ledger.finish(id, 'unclear', { reference: null });
    throw new EffectUnclear(id);
  }
  return null;
}

/** Certain that nothing was changed: the provider refused, or nothing was sent at all. */
function certainlyNotDone(error: unknown): boolean {
  if (error instanceof RetryLater || error instanceof ConnectionUnusable) return true;
  return error instanceof ProviderError && !error.ambiguous;
}

async function afterFailure(
  ledger: EffectLedger,
  id: EffectId,
  error: unknown,
  look: () => Promise<Reconciliation> | null,
): Promise<Effect> {
  if (certainlyNotDone(error)) {
    await ledger.finish(id, 'failed', { reference: null, outcome: failureWords(error) });
    throw error;
  }
  let answer: Reconciliation | null;
  try {
    answer = await look();
  } catch {
    // The provider cannot be asked either. The intent stays open; the next attempt asks first.
    throw error;
  }
  if (answer === null) throw error;
  const made = await settle(ledger, id, answer);
  if (made) return made;
  await ledger.finish(id, 'failed', { reference: null, outcome: failureWords(error) });
  throw error;
}

function failureWords(error: unknown): Record<string, unknown> {
  if (error instanceof ProviderError) return { kind: error.kind, code: error.failure.code };
  if (error instanceof RetryLater) return { kind: 'postponed', seconds: error.seconds };
  if (error instanceof ConnectionUnusable)
    return { kind: 'connection_unusable', state: error.state };
  return { kind: 'interrupted' };
}
