import type { ReactNode } from 'react';
import { cn } from './cn';
import { statusLook } from './status';
import { toneInk } from './tone';

export interface TimelineEntry {
  id: string;
  /** A state as the domain names it; gives icon and tone. */
  status: string;
  title: ReactNode;
  /** On the right, e.g. a `DateTime`. */
  at?: ReactNode;
  children?: ReactNode;
}

/** What happened, in order, joined by a line. */
export function Timeline({ label, entries }: { label: string; entries: readonly TimelineEntry[] }) {
  return (
    <ol aria-label={label} className="flex flex-col">
      {entries.map((entry, index) => {
        const look = statusLook(entry.status);
        return (
          <li key={entry.id} className="relative flex gap-3 pb-4 last:pb-0">
            {index < entries.length - 1 && (
              <span aria-hidden className="absolute top-6 bottom-0 left-2.75 w-px bg-border" />
            )}
            <span
              className={cn(
                'flex size-5.5 shrink-0 items-center justify-center',
                toneInk[look.tone],
              )}
            >
              <look.icon
                aria-label={look.label}
                className={cn('size-4', look.busy && 'animate-spin')}
              />
            </span>
            <div className="min-w-0 flex-1">
              <div className="flex flex-wrap items-baseline justify-between gap-x-4">
                <p className="min-w-0 text-sm">{entry.title}</p>
                {entry.at && <span className="shrink-0 text-muted text-xs">{entry.at}</span>}
              </div>
              {entry.children && <div className="mt-0.5 text-muted text-sm">{entry.children}</div>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
