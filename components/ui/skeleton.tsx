import type { ReactNode } from 'react';
import { cn } from './cn';

/** The place of something that is on its way. */
export function Skeleton({ className }: { className?: string }) {
  return <span className={cn('block animate-shimmer rounded-md bg-active', className)} />;
}

/** Wraps skeletons: says once, aloud, that something is loading. */
export function Loading({ label = 'Loading', children }: { label?: string; children: ReactNode }) {
  return (
    <div role="status" aria-label={label} className="animate-fade-in">
      <div aria-hidden>{children}</div>
    </div>
  );
}

const lineWidths = ['w-11/12', 'w-4/5', 'w-2/3', 'w-3/4', 'w-1/2'];

export function SkeletonText({ lines = 3 }: { lines?: number }) {
  return (
    <span className="flex flex-col gap-2">
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity
        <Skeleton key={line} className={cn('h-3.5', lineWidths[line % lineWidths.length])} />
      ))}
    </span>
  );
}

export function SkeletonTable({ rows = 6, columns = 4 }: { rows?: number; columns?: number }) {
  return (
    <div className="overflow-hidden rounded-xl border bg-surface">
      <div className="h-9 border-b bg-sunken/70" />
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity
        <div key={row} className="flex h-11 items-center gap-6 border-b px-4 last:border-b-0">
          {Array.from({ length: columns }, (_, column) => (
            <Skeleton
              // biome-ignore lint/suspicious/noArrayIndexKey: columns have no identity
              key={column}
              className={cn('h-3.5', column === 0 ? 'w-48' : 'hidden w-24 sm:block')}
            />
          ))}
        </div>
      ))}
    </div>
  );
}
