import { LoaderCircle } from 'lucide-react';
import { cn } from './cn';

/** A turning mark. Decorative unless `label` names what is going on. */
export function Spinner({ label, className }: { label?: string; className?: string }) {
  return (
    <LoaderCircle
      aria-hidden={label ? undefined : true}
      aria-label={label}
      role={label ? 'status' : undefined}
      className={cn('size-4 shrink-0 animate-spin', className)}
    />
  );
}
