import Link from 'next/link';
import { ConnectionBadge } from '@/components/connections/connection-badge';
import { ButtonLink, Card, CardHeader, EmptyState, ProviderMark } from '@/components/ui';
import { nameOf } from '@/lib/connections/contract';
import type { ConnectionHealth } from '@/lib/overview/contract';
import { providerNames } from '@/lib/providers/contract';

/** Each connection with its state. */
export function ConnectionList({ connections }: { connections: readonly ConnectionHealth[] }) {
  return (
    <Card aria-labelledby="connections">
      <CardHeader
        id="connections"
        title="Connections"
        actions={
          <ButtonLink size="sm" variant="ghost" href="/connections">
            All
          </ButtonLink>
        }
      />
      {connections.length === 0 ? (
        <EmptyState bare title="Nothing is connected" className="py-8" />
      ) : (
        <ul className="divide-y">
          {connections.map((connection) => (
            <li key={connection.id} className="flex items-center gap-3 px-4 py-2.5 sm:px-5">
              <ProviderMark provider={connection.provider} size="sm" />
              <Link
                href={`/connections/${connection.id}`}
                className="min-w-0 flex-1 rounded-sm text-sm hover:underline"
              >
                <span className="block font-medium">{providerNames[connection.provider]}</span>
                {nameOf(connection) !== providerNames[connection.provider] && (
                  <span className="wrap-anywhere block text-muted text-xs">
                    {nameOf(connection)}
                  </span>
                )}
              </Link>
              <ConnectionBadge state={connection.state} handedOut={connection.handedOut} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
