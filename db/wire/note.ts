import { type Asker, observe } from '../observe';
import type { Outcome, Statement } from './exchange';
import type { WireValue } from './parameters';

/**
 * Have a statement observed that an exchange has carried.
 * @param askedAt when it was asked for, before there was a connection for it
 */
export function noteOutcome(
  asker: Asker,
  { text }: Statement,
  values: readonly WireValue[],
  askedAt: number,
  outcome: Outcome,
): void {
  const { sentAt, readyAt } = outcome;
  // Never sent, or never answered.
  if (sentAt === undefined || readyAt === undefined) return;
  observe(asker, text, values, {
    ms: readyAt - sentAt,
    waitedMs: sentAt - askedAt,
    rows: outcome.error ? 0 : (outcome.result.rowCount ?? 0),
    failed: outcome.error !== undefined,
  });
}
