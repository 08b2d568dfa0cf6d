import type { DenialReason } from '@/db/schema';
import { isForgedContext } from '@/lib/denials';
import { PublicError } from '@/lib/errors';

/** Refusals that are on record already, so that the answer's way out does not record them again. */
const recorded = new WeakSet<PublicError>();

/** Mark a refusal as one that is on record. */
export function onRecord(refusal: PublicError): PublicError {
  recorded.add(refusal);
  return refusal;
}

/**
 * Why what was thrown refuses somebody access, if it does: an id that is not there may be another
 * tenant's, a rule may forbid more than a role does, and the database notices a forged context.
 * @returns undefined for any other error, and for a refusal that is on record already
 */
export function denialReasonOf(thrown: unknown): DenialReason | undefined {
  if (isForgedContext(thrown)) return 'forged_context';
  if (!(thrown instanceof PublicError) || recorded.has(thrown)) return undefined;
  if (thrown.code === 'not_found' || thrown.code === 'forbidden') return thrown.code;
  return undefined;
}
