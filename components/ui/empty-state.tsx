import { CircleAlert, Inbox, Lock, type LucideIcon, PowerOff, SearchX } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './cn';

export type EmptyKind = 'first-use' | 'no-match' | 'error' | 'forbidden' | 'not-enabled';

export interface EmptyStateProps {
  /** Why there is nothing to see. Chooses the icon unless one is given. */
  kind?: EmptyKind;
  icon?: ReactNode;
  title: string;
  description?: ReactNode;
  /** The one thing to do next: create, clear filters, retry, ask an owner. */
  action?: ReactNode;
  /** Without its own border, inside a card. */
  bare?: boolean;
  className?: string;
}

const icons: Readonly<Record<EmptyKind, LucideIcon>> = {
  'first-use': Inbox,
  'no-match': SearchX,
  error: CircleAlert,
  forbidden: Lock,
  'not-enabled': PowerOff,
};

/** In place of a list or page that has nothing to show: says why, and what to do. */
export function EmptyState(props: EmptyStateProps) {
  const { kind = 'first-use', icon, title, description, action, bare, className } = props;
  const Icon = icons[kind];
  return (
    <div
      role={kind === 'error' ? 'alert' : undefined}
      className={cn(
        'flex flex-col items-center px-6 py-14 text-center',
        !bare && 'rounded-xl border border-dashed bg-surface/60',
        className,
      )}
    >
      <span
        aria-hidden
        className={cn(
          'mb-4 flex size-10 items-center justify-center rounded-lg border bg-surface shadow-xs [&_svg]:size-5',
          kind === 'error' ? 'text-danger' : 'text-muted',
        )}
      >
        {icon ?? <Icon />}
      </span>
      <h2 className="font-semibold text-base">{title}</h2>
      {description && <p className="mt-1 max-w-md text-pretty text-muted text-sm">{description}</p>}
      {action && <div className="mt-5 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
