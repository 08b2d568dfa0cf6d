const locale = 'en-GB';
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `21 Nov 2026, 17:49`, with seconds where asked. The locale is fixed: server and browser agree. */
export function absoluteTime(at: Date, timeZone: string, seconds = false): string {
  return new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: seconds ? 'medium' : 'short',
    timeZone,
  }).format(at);
}

/** The zone as people write it: `UTC`, `CET`, `GMT+9`. */
export function zoneName(at: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' });
  const name = parts.formatToParts(at).find(({ type }) => type === 'timeZoneName');
  return name?.value ?? timeZone;
}

/** `just now`, `3 min ago`, `in 2 h`, `5 days ago`; beyond 30 days null: say the date. */
export function relativeTime(at: Date, now: number): string | null {
  const distance = at.getTime() - now;
  const size = Math.abs(distance);
  // The clock moves in steps, so that something of this second may seem to lie ahead.
  if (size < 45 * second) return distance > 20 * second ? 'in a moment' : 'just now';
  if (size > 30 * day) return null;
  const [amount, unit] =
    size < hour
      ? [Math.round(size / minute), 'min']
      : size < day
        ? [Math.round(size / hour), 'h']
        : [Math.round(size / day), Math.round(size / day) === 1 ? 'day' : 'days'];
  return distance < 0 ? `${amount} ${unit} ago` : `in ${amount} ${unit}`;
}

/** `84 ms`, `1.2 s`, `3 min 04 s`, `2 h 05 min`. Takes milliseconds. */
export function durationText(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < second) return `${Math.round(ms)} ms`;
  if (ms < 10 * second) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  if (ms < minute) return `${Math.floor(ms / second)} s`;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  if (ms < hour) return `${Math.floor(ms / minute)} min ${two((ms % minute) / second)} s`;
  return `${Math.floor(ms / hour)} h ${two((ms % hour) / minute)} min`;
}
