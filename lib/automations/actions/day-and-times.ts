interface Span {
  /** ISO 8601. */
  readonly startsAt: string;
  readonly endsAt: string;
  readonly timeZone: string;
}

/** When something is, on the wall of its zone: `Sat 21 Nov, 09:00–11:00 (Europe/London)`. */
export function dayAndTimes({ startsAt, endsAt, timeZone }: Span): string {
  const format = (options: Intl.DateTimeFormatOptions, at: string) =>
    new Intl.DateTimeFormat('en-GB', { ...options, timeZone }).format(new Date(at));
  const clock = { hour: '2-digit', minute: '2-digit' } as const;
  const day = format({ weekday: 'short', day: 'numeric', month: 'short' }, startsAt);
  return `${day}, ${format(clock, startsAt)}–${format(clock, endsAt)} (${timeZone})`;
}
