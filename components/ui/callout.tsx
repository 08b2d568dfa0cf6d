import { CircleAlert, CircleCheck, Info, Lightbulb, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './cn';
import { type Tone, toneInk, toneSoft } from './tone';

export interface CalloutProps {
  tone?: Tone;
  title: ReactNode;
  /** What happened and what to do next. */
  children?: ReactNode;
  /** A button or link that does what the text asks for. */
  action?: ReactNode;
  /** `alert` when it appears in answer to something the person just did. */
  role?: 'alert' | 'status' | 'note';
  className?: string;
}

const icons = {
  neutral: Info,
  accent: Lightbulb,
  info: Info,
  success: CircleCheck,
  warning: TriangleAlert,
  danger: CircleAlert,
} as const;

/** A message on the page that stays until its cause is gone. */
export function Callout(props: CalloutProps) {
  const { tone = 'info', title, children, action, role = 'note', className } = props;
  const Icon = icons[tone];
  return (
    <div
      role={role}
      className={cn(
        'flex items-start gap-3 rounded-lg border px-3.5 py-3 text-sm',
        toneSoft[tone],
        className,
      )}
    >
      <Icon aria-hidden className={cn('mt-0.5 size-4 shrink-0', toneInk[tone])} />
      <div className="flex min-w-0 flex-1 flex-wrap items-start justify-between gap-x-4 gap-y-2.5">
        <div className="min-w-0 flex-1 basis-48">
          <p className="font-medium text-text">{title}</p>
          {children && <div className="mt-0.5 text-muted">{children}</div>}
        </div>
        {action && <div className="flex max-w-full flex-wrap items-center gap-2">{action}</div>}
      </div>
    </div>
  );
}
