import { RetryAfterError } from 'inngest';

/**
 * Jobs about the organisation itself, such as telling its owners that it was suspended, are carried
 * out while all its other work is held. The database's relay goes by the same letters.
 */
const unheld = 'tenant/';

/** Whether a job of this kind, which is also its event's name, is carried out in spite of a hold. */
export const passesHold = (kind: string): boolean => kind.startsWith(unheld);

/** Seconds that a held step waits before it asks again: twice as long each time. */
const firstPauseSeconds = 5;
const longestPauseSeconds = 3_600;

export const heldForSeconds = (times: number): number =>
  Math.min(firstPauseSeconds * 2 ** times, longestPauseSeconds);

/**
 * The organisation is suspended or being deleted: nothing was done, and the step is to be taken up
 * again when that is over. See `patiently`.
 */
export class TenantHeldError extends RetryAfterError {
  override readonly name = 'TenantHeldError';

  constructor() {
    super('The organisation is held; its work waits.', longestPauseSeconds * 1_000);
  }
}
