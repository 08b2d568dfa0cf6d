import type { ReactNode } from 'react';
import { cn } from './cn';
import { type Tone, toneSolid } from './tone';

export interface ProgressProps {
  /** What makes progress, e.g. `Discovery of google.example`. */
  label: string;
  /** Between 0 and `max`; leave out while the end is not known. */
  value?: number;
  max?: number;
  /** Shown above the bar on the left, e.g. the phase. */
  caption?: ReactNode;
  /** Shown above the bar on the right, e.g. counts. */
  detail?: ReactNode;
  tone?: Tone;
  className?: string;
}

/** How far something is. Drawn as SVG: an inline width would be refused by the policy. */
export function Progress(props: ProgressProps) {
  const { label, value, max = 100, caption, detail, tone = 'accent', className } = props;
  const share = value === undefined ? undefined : Math.min(1, Math.max(0, value / (max || 1)));
  return (
    <div className={cn('flex flex-col gap-1.5', className)}>
      {(caption || detail) && (
        <div className="flex items-baseline justify-between gap-4 text-xs">
          <span className="min-w-0 truncate font-medium">{caption}</span>
          <span data-numeric className="shrink-0 text-muted">
            {detail}
          </span>
        </div>
      )}
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={share === undefined ? undefined : max}
        aria-valuenow={share === undefined ? undefined : value}
        className={cn('h-1.5 overflow-hidden rounded-full bg-active', toneSolid[tone])}
      >
        {share === undefined ? (
          <div className="h-full w-2/7 animate-indeterminate rounded-full bg-current" />
        ) : (
          <svg aria-hidden="true" className="block size-full">
            <rect
              height="100%"
              width={`${share * 100}%`}
              rx="3"
              className="fill-current transition-[width] duration-300"
            />
          </svg>
        )}
      </div>
    </div>
  );
}
