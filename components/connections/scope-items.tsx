import { Check, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '@/components/ui';

interface Item {
  readonly scope: string;
  readonly title: string;
  readonly reason: string;
  readonly required: boolean;
  /** Left out while nothing has been asked yet. */
  readonly granted?: boolean;
}

interface ScopeItemsProps {
  scopes: readonly Item[];
  /** What can be done about one that was not given. */
  allow?: ((scope: string) => ReactNode) | undefined;
  columns?: 1 | 2;
}

/** Permissions in plain words. */
export function ScopeItems({ scopes, allow, columns = 1 }: ScopeItemsProps) {
  return (
    <ul className={cn('grid gap-x-8 gap-y-3', columns === 2 && 'sm:grid-cols-2')}>
      {scopes.map(({ scope, title, reason, required, granted }) => {
        const missing = granted === false;
        const Icon = missing ? X : Check;
        return (
          <li key={scope} className="flex gap-2.5 text-sm">
            <Icon
              aria-label={granted === undefined ? undefined : missing ? 'Not given' : 'Given'}
              aria-hidden={granted === undefined}
              className={cn(
                'mt-0.5 size-4 shrink-0',
                granted === undefined && 'text-faint',
                granted === true && 'text-success',
                missing && (required ? 'text-danger' : 'text-faint'),
              )}
            />
            <div className="min-w-0">
              <p className={cn('font-medium', missing && !required && 'text-muted')}>
                {title}
                {!required && <span className="font-normal text-muted"> · optional</span>}
              </p>
              <p className="text-pretty text-muted">{reason}</p>
              {missing && allow && <div className="mt-1.5">{allow(scope)}</div>}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
