import type { ReactNode } from 'react';
import { cn } from './cn';
import { CopyButton } from './copy-button';

export interface KeyValueItem {
  label: string;
  /** An absent value is shown as a dash. */
  value: ReactNode;
  /** Adds a button that copies this text. */
  copy?: string;
}

export interface KeyValueProps {
  items: readonly KeyValueItem[];
  /** Side by side on wide screens. */
  columns?: 1 | 2 | 3;
  className?: string;
}

const grids = { 1: '', 2: 'sm:grid-cols-2', 3: 'sm:grid-cols-2 xl:grid-cols-3' };

/** Facts about one thing: a definition list. */
export function KeyValue({ items, columns = 1, className }: KeyValueProps) {
  const stacked = columns > 1;
  return (
    <dl className={cn('grid gap-x-8 gap-y-3', stacked ? grids[columns] : 'gap-y-1', className)}>
      {items.map((item) => (
        <div
          key={item.label}
          className={cn(
            'min-w-0',
            !stacked &&
              'grid grid-cols-[6.5rem_minmax(0,1fr)] sm:grid-cols-[8.5rem_minmax(0,1fr)] items-baseline gap-3 py-0.5',
          )}
        >
          <dt className="text-muted text-xs">{item.label}</dt>
          <dd className="flex min-w-0 items-center gap-1 text-sm">
            <span className="min-w-0 break-words">{item.value ?? <Nothing />}</span>
            {item.copy !== undefined && (
              <CopyButton
                value={item.copy}
                label={`Copy ${item.label.toLowerCase()}`}
                className="-my-1.5"
              />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The dash for a value that is not there. */
export function Nothing({ label = 'none' }: { label?: string }) {
  return (
    <span className="text-faint">
      <span aria-hidden>–</span>
      <span className="sr-only">{label}</span>
    </span>
  );
}
