import { ConnectionUnusable, EffectUnclear } from '@/lib/connections';
import { PublicError } from '@/lib/errors';
import { RetryLater } from '@/lib/limits';
import { ProviderError } from '@/lib/providers';

/** Somebody has asked the run to stop; nothing further was sent. */
export class RunCancelled extends Error {
  override readonly name = 'RunCancelled';
}

/** What to do after a step has failed, with the plain reason for the record: what happened. */
export type Verdict =
  | { readonly next: 'stop' }
  | { readonly next: 'fail'; readonly reason: string }
  /** Nothing was done and nothing is wrong with it: taken up again without using up an attempt. */
  | { readonly next: 'put off'; readonly reason: string; readonly seconds: number }
  /** `seconds` is null where the engine's own backoff will do. */
  | { readonly next: 'retry'; readonly reason: string; readonly seconds: number | null };

const ourFault = 'Something went wrong on our side.';

/** What becomes of a step after this error. */
export function verdictOf(error: unknown): Verdict {
  if (error instanceof RunCancelled) return { next: 'stop' };
  if (error instanceof RetryLater) {
    return { next: 'put off', reason: `${error.reason}.`, seconds: error.seconds };
  }
  if (error instanceof ConnectionUnusable || error instanceof EffectUnclear) {
    return { next: 'fail', reason: error.message };
  }
  if (error instanceof ProviderError) return ofProvider(error);
  if (error instanceof PublicError) {
    return error.code === 'unavailable'
      ? { next: 'retry', reason: error.message, seconds: null }
      : { next: 'fail', reason: error.message };
  }
  return { next: 'retry', reason: ourFault, seconds: null };
}

function ofProvider(error: ProviderError): Verdict {
  const reason = error.publicMessage;
  if (!error.retryable) return { next: 'fail', reason };
  const { failure } = error;
  const seconds =
    failure.kind === 'throttled' || failure.kind === 'temporarily_unavailable'
      ? failure.retryAfterSeconds
      : null;
  return { next: 'retry', reason, seconds };
}
