'use client';
import { absoluteTime, relativeTime, zoneName } from './time-format';
import { useTimeZone } from './time-zone';
import { useNow } from './use-now';

export interface DateTimeProps {
  value: Date | string;
  /** `relative` shows `3 min ago` with the date as title; `absolute` the other way round. */
  format?: 'relative' | 'absolute';
  seconds?: boolean;
  /** IANA name; otherwise that of `TimeZone` above it, or the browser's. */
  timeZone?: string;
  className?: string;
}

const relativeStepMs = 15_000;

/**
 * A moment. A date says of which zone it is, since others on the page may be of another; not where
 * the page chose the zone by `timeZone`: there it says so itself. The server writes the date in UTC;
 * the browser replaces it by its own reading.
 */
export function DateTime(props: DateTimeProps) {
  const { value, format = 'relative', seconds, timeZone, className } = props;
  const zone = useTimeZone(timeZone);
  const now = useNow(relativeStepMs);
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) return null;
  const absolute = absoluteTime(at, zone, seconds);
  const named = timeZone === undefined ? `${absolute} ${zoneName(at, zone)}` : absolute;
  const relative = now === null ? null : relativeTime(at, now);
  const exact = `${absoluteTime(at, zone, true)} (${zone})`;
  return (
    <time
      dateTime={at.toISOString()}
      title={format === 'relative' || !relative ? exact : `${relative} · ${exact}`}
      className={className}
    >
      {format === 'relative' ? (relative ?? `${absolute} ${zoneName(at, zone)}`) : named}
    </time>
  );
}
