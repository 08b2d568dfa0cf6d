'use client';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { fetchJson } from '@/components/api/fetch-json';
import { ButtonLink, Callout, Card, CardBody, CardHeader, StatusBadge } from '@/components/ui';
import type { ConnectionDetail } from '@/lib/connections/contract';
import { DiscoveryCounts } from './discovery-counts';
import { DiscoveryProgress } from './discovery-progress';

/** Milliseconds between two looks while a discovery is going on. */
const lookEvery = 1_000;

/** What the latest discovery found, or is finding. */
export function DiscoveryCard({ first }: { first: ConnectionDetail }) {
  const router = useRouter();
  const { id } = first.connection;
  const { data, error } = useQuery({
    queryKey: ['connection', id, first],
    queryFn: ({ signal }) => fetchJson<ConnectionDetail>(`/api/connections/${id}`, { signal }),
    initialData: first,
    gcTime: 0,
    refetchInterval: ({ state }) => (state.data?.connection.discovering ? lookEvery : false),
  });
  const { connection, discovery, phases } = data;
  const going = connection.discovering;
  const moved = connection.state !== first.connection.state;
  const wasGoing = useRef(first.connection.discovering);
  useEffect(() => {
    // The rest of the page was rendered when the discovery was still going on.
    if (moved || (wasGoing.current && !going)) router.refresh();
    wasGoing.current = going;
  }, [going, moved, router]);

  return (
    <Card aria-label="Discovery">
      <CardHeader
        title="What is there"
        description={connection.resources > 0 ? 'Found through this connection.' : undefined}
        actions={
          discovery && (
            <>
              <StatusBadge status={discovery.state} />
              {connection.resources > 0 && (
                <ButtonLink size="sm" href={`/resources?connection=${id}`}>
                  Show all
                </ButtonLink>
              )}
            </>
          )
        }
      />
      <CardBody className="grid gap-4">
        {discovery ? (
          <>
            <DiscoveryProgress discovery={discovery} phases={phases} />
            <DiscoveryCounts discovery={discovery} connectionId={id} />
          </>
        ) : (
          <p className="text-muted text-sm">
            Nothing yet. We look by ourselves as soon as all that is needed is allowed.
          </p>
        )}
        {error && (
          <Callout tone="warning" role="status" title="The progress cannot be read at the moment">
            {error.message}
          </Callout>
        )}
      </CardBody>
    </Card>
  );
}
