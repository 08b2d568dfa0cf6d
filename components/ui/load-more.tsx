'use client';
import { ChevronDown } from 'lucide-react';
import Link from 'next/link';
import { Button, buttonStyles } from './button';

export interface LoadMoreProps {
  /** What is shown so far, e.g. `50 of 50+`. */
  shown: string;
  /** Fetches the next page in place. */
  onMore?: () => void;
  /** Or the address of the next page. */
  href?: string;
  loading?: boolean;
}

/** The foot of a list that goes on. Without `onMore` and `href` it only says how much there is. */
export function LoadMore({ shown, onMore, href, loading }: LoadMoreProps) {
  return (
    <div className="flex items-center justify-between gap-4">
      <p data-numeric role="status" className="text-muted text-xs">
        {shown}
      </p>
      {onMore && (
        <Button size="sm" loading={loading} onClick={onMore} icon={<ChevronDown />}>
          Load more
        </Button>
      )}
      {!onMore && href && (
        <Link href={href} scroll={false} className={buttonStyles({ size: 'sm' })}>
          <ChevronDown aria-hidden />
          Load more
        </Link>
      )}
    </div>
  );
}
