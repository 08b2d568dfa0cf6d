'use client';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { fetchJson } from '@/components/api/fetch-json';
import { EmptyState } from '@/components/ui';
import type { ConnectionView } from '@/lib/connections/contract';
import { ConnectionCard } from './connection-card';

/** Milliseconds between two looks while a discovery is going on. */
const lookEvery = 2_000;

export interface ConnectionCardsProps {
  first: readonly ConnectionView[];
  /** The way to connect, for those who may; null for the rest. */
  connect: ReactNode;
}

/** All connections, or how to make the first. */
export function ConnectionCards({ first, connect }: ConnectionCardsProps) {
  const { data: connections } = useQuery({
    queryKey: ['connections', first],
    queryFn: ({ signal }) => fetchJson<readonly ConnectionView[]>('/api/connections', { signal }),
    initialData: first,
    gcTime: 0,
    refetchInterval: ({ state }) =>
      state.data?.some(({ discovering }) => discovering) ? lookEvery : false,
  });
  if (connections.length === 0) {
    return (
      <EmptyState
        title="Nothing is connected yet"
        description={
          connect
            ? 'Connect Microsoft 365, Google Workspace or Slack to see what is there, and to let automations work with it.'
            : 'An owner or admin of your organisation can connect Microsoft 365, Google Workspace or Slack.'
        }
        action={connect}
      />
    );
  }
  return (
    <ul className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
      {connections.map((connection) => (
        <ConnectionCard key={connection.id} connection={connection} />
      ))}
    </ul>
  );
}
