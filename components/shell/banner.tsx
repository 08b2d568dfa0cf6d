import type { ReactNode } from 'react';
import { cn } from '@/components/ui';

export interface BannerProps {
  icon: ReactNode;
  tone?: 'accent' | 'warning';
  /** On the right of the text, e.g. a button that stops what it tells of. */
  action?: ReactNode;
  children: ReactNode;
}

const tones = {
  accent: 'bg-accent-solid text-on-solid',
  warning: 'border-b border-warning-line bg-warning-soft text-warning',
};

/** A line above everything that stays in sight. Its height is one the frame counts on. */
export function Banner({ icon, tone = 'accent', action, children }: BannerProps) {
  return (
    <div
      className={cn(
        'flex min-h-7 items-center justify-center gap-2 px-4 py-1 text-center font-medium text-xs lg:h-7 [&_svg]:size-3.5 [&_svg]:shrink-0',
        tones[tone],
      )}
    >
      {icon}
      <p className="min-w-0 lg:truncate">{children}</p>
      {action}
    </div>
  );
}
