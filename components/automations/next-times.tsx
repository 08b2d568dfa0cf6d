'use client';
import { useNow } from '@/components/ui';
import { nextTimes } from '@/lib/automations/contract';

const shown = 5;
const refreshMs = 30_000;

export interface NextTimesProps {
  /** A schedule that has been checked. */
  cron: string;
  timeZone: string;
}

/** The next times a schedule fires, on the clock of its own zone. */
export function NextTimes({ cron, timeZone }: NextTimesProps) {
  const now = useNow(refreshMs);
  const times = now === null ? [] : nextTimes(cron, timeZone, shown, new Date(now));
  const format = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'short',
  });
  return (
    <div>
      <p className="text-muted text-xs">Next five times, in {timeZone}</p>
      <ol aria-label="Next five times" className="mt-1 min-h-25 space-y-0.5 text-sm">
        {times.map((time) => (
          <li key={time.getTime()} data-numeric>
            <time dateTime={time.toISOString()}>{format.format(time)}</time>
          </li>
        ))}
      </ol>
    </div>
  );
}
