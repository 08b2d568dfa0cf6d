import { NonRetriableError, RetryAfterError } from 'inngest';
import { PublicError } from '@/lib/errors';
import { RetryLater } from '@/lib/limits';
import { ProviderError } from '@/lib/providers';
import { ConnectionUnusable, EffectUnclear } from './errors';

/** What a person may be told of a failure in the background. */
export function plainReason(error: unknown): string {
  if (error instanceof ProviderError) return error.publicMessage;
  if (error instanceof RetryLater) return `${error.reason}. We will go on by ourselves.`;
  if (error instanceof PublicError) return error.message;
  if (error instanceof ConnectionUnusable || error instanceof EffectUnclear) return error.message;
  return 'Something went wrong on our side.';
}

/** Not now, and nobody's fault: the step is to be put off without using up an attempt. */
export class StepPutOff extends RetryAfterError {
  constructor(override readonly cause: RetryLater) {
    super(cause.message, cause.seconds * 1_000);
  }

  get seconds(): number {
    return this.cause.seconds;
  }
}

/**
 * A failure in the terms of the engine: when to try again, or that there is no use in it. Give it
 * what a step threw, and throw what comes back.
 */
export function toJobError(error: unknown): unknown {
  if (error instanceof RetryLater) return new StepPutOff(error);
  const final =
    error instanceof ConnectionUnusable ||
    error instanceof EffectUnclear ||
    error instanceof PublicError ||
    (error instanceof ProviderError && !error.retryable);
  return final ? new NonRetriableError(plainReason(error), { cause: error }) : error;
}
