import { type Asker, observe } from '../observe';
import type { Outcome, Prelude, Statement } from './exchange';
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

/**
 * Have a statement observed that went along with another: its time is in that one's, as is that of all
 * that travels together.
 */
export function noteAlong(asker: Asker, along: Prelude & Statement, outcome: Outcome): void {
  if (outcome.readyAt === undefined) return;
  const failed = outcome.error !== undefined;
  observe(asker, along.text, along.values, { ms: 0, waitedMs: 0, rows: 0, failed });
}
