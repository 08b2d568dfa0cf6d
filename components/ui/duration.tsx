'use client';
import { durationText } from './time-format';
import { useNow } from './use-now';

export interface DurationProps {
  /** Milliseconds. Or give `from`, and `to` once it is over: it counts meanwhile. */
  ms?: number | null;
  from?: Date | string | null;
  to?: Date | string | null;
  className?: string;
}

/** How long something took, or has been going on. */
export function Duration({ ms, from, to, className }: DurationProps) {
  const now = useNow(1_000);
  const start = from ? new Date(from).getTime() : null;
  const end = to ? new Date(to).getTime() : now;
  const length = ms ?? (start !== null && end !== null ? end - start : null);
  return (
    <span data-numeric className={className}>
      {length === null ? '–' : durationText(length)}
    </span>
  );
}
