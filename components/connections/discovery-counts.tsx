import Link from 'next/link';
import type { DiscoveryView } from '@/lib/connections/contract';
import { resourceKinds } from '@/lib/providers/contract';
import { kindLooks } from './kinds';

export interface DiscoveryCountsProps {
  discovery: DiscoveryView;
  connectionId: string;
}

/** How many of each kind; each leads to them. */
export function DiscoveryCounts({ discovery, connectionId }: DiscoveryCountsProps) {
  const kinds = resourceKinds.filter((kind) => (discovery.counts[kind] ?? 0) > 0);
  if (kinds.length === 0) return null;
  return (
    <ul className="grid grid-cols-2 gap-2 sm:grid-cols-3">
      {kinds.map((kind) => {
        const { icon: Icon, plural } = kindLooks[kind];
        return (
          <li key={kind}>
            <Link
              href={`/resources?connection=${connectionId}&kind=${kind}`}
              className="flex items-center gap-2.5 rounded-lg border px-3 py-2.5 transition-colors hover:border-border-strong hover:bg-hover"
            >
              <Icon aria-hidden className="size-4 shrink-0 text-faint" />
              <span className="min-w-0 flex-1 truncate text-muted text-sm">{plural}</span>
              <span data-numeric className="font-semibold">
                {discovery.counts[kind]}
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
