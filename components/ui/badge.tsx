import type { ReactNode } from 'react';
import { cn } from './cn';
import { type Tone, toneSoft } from './tone';

export interface BadgeProps {
  tone?: Tone;
  /** Before the text; 12 px. */
  icon?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A small label, e.g. a role or a kind. For a state use `StatusBadge`. */
export function Badge({ tone = 'neutral', icon, className, children }: BadgeProps) {
  return (
    <span
      className={cn(
        'inline-flex h-5.5 max-w-full shrink-0 items-center gap-1 whitespace-nowrap rounded-full border px-2 font-medium text-xs [&_svg]:size-3 [&_svg]:shrink-0',
        toneSoft[tone],
        className,
      )}
    >
      {icon}
      <span className="truncate">{children}</span>
    </span>
  );
}
