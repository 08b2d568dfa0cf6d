import { Badge } from './badge';
import { cn } from './cn';
import { type Status, statusLook } from './status';
import { toneInk } from './tone';

export interface StatusBadgeProps {
  /** A state as the domain names it, e.g. `needs_reconsent`. */
  status: Status | (string & {});
  /** A better word where the general one is not exact. */
  label?: string;
  /** `text` leaves out the pill: for dense tables. */
  variant?: 'badge' | 'text';
  className?: string;
}

/** A state by icon, word and tone. */
export function StatusBadge({ status, label, variant = 'badge', className }: StatusBadgeProps) {
  const look = statusLook(status);
  const icon = <look.icon aria-hidden className={look.busy ? 'animate-spin' : undefined} />;
  const text = label ?? look.label;
  if (variant === 'badge') {
    return (
      <Badge tone={look.tone} icon={icon} className={className}>
        {text}
      </Badge>
    );
  }
  return (
    <span
      className={cn(
        'inline-flex items-center gap-1.5 whitespace-nowrap text-sm [&_svg]:size-3.5',
        className,
      )}
    >
      <span className={cn('flex', toneInk[look.tone])}>{icon}</span>
      {text}
    </span>
  );
}
