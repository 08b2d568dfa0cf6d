import { Check, X } from 'lucide-react';
import { cn } from '@/components/ui';

interface Item {
  readonly scope: string;
  readonly title: string;
  readonly reason: string;
  readonly required: boolean;
  /** Left out while nothing has been asked yet. */
  readonly granted?: boolean;
}

/** Permissions in plain words. */
export function ScopeItems({ scopes }: { scopes: readonly Item[] }) {
  return (
    <ul className="grid gap-3">
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
                missing ? (required ? 'text-danger' : 'text-faint') : 'text-success',
              )}
            />
            <div className="min-w-0">
              <p className={cn('font-medium', missing && !required && 'text-muted')}>
                {title}
                {!required && <span className="font-normal text-muted"> · optional</span>}
              </p>
              <p className="text-pretty text-muted">{reason}</p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
