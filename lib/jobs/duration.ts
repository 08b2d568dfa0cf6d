/** Milliseconds of the units that the SDK writes (`2w1d3h10m5s`). */
const units = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const;

/** A length of time as the SDK writes it, in milliseconds; undefined if it is none. */
export function durationMs(text: string): number | undefined {
  if (!/^(\d+[wdhms])*$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)([wdhms])/g)) {
    total += Number(amount) * units[unit as keyof typeof units];
  }
  return total;
}

/**
 * When a sleep ends: a length of time from `now`, or a moment (ISO 8601).
 * @returns milliseconds since the epoch; undefined if the text is neither
 */
export function sleepEnd(text: string, now: number): number | undefined {
  const length = durationMs(text);
  if (length !== undefined) return now + length;
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? undefined : moment;
}

/**
 * When to try again after a refusal that says so.
 * @param text seconds, or a moment (ISO 8601), as in the `retry-after` header
 * @returns milliseconds from `now`, at least 0; undefined if the text is neither
 */
export function retryAfterMs(text: string, now: number): number | undefined {
  const seconds = Number(text);
  if (text.trim() !== '' && Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? undefined : Math.max(0, moment - now);
}

const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 600_000;

/**
 * How long to wait before the next attempt: 2 s, 4 s, 8 s … 10 min, a tenth more or less, so that
 * what failed together does not come back together.
 * @param attempt attempts that failed so far, from 1
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const base = Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LONGEST_RETRY_MS);
  return Math.round(base * (0.9 + 0.2 * random()));
}
