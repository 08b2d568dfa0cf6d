import type { ReactNode } from 'react';
import { cn } from './cn';

export interface StatProps {
  label: string;
  value: ReactNode;
  /** Beneath the figure, e.g. what changed. */
  detail?: ReactNode;
  className?: string;
}

/** One figure with its name. */
export function Stat({ label, value, detail, className }: StatProps) {
  return (
    <div className={cn('min-w-0 rounded-xl border bg-surface px-4 py-3.5 shadow-xs', className)}>
      <p className="text-pretty text-muted text-xs">{label}</p>
      <p data-numeric className="mt-1 font-semibold text-2xl">
        {value}
      </p>
      {detail && <p className="mt-0.5 text-pretty text-muted text-xs">{detail}</p>}
    </div>
  );
}
