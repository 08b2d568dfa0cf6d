'use client';
import { useQuery } from '@tanstack/react-query';
import { fetchJson } from '@/components/api/fetch-json';
import { EmptyState } from '@/components/ui';
import type { StreamRow } from '@/lib/streams/contract';
import { type StreamActions, StreamItem } from './stream-item';

/** Milliseconds between two looks. */
const lookEvery = 10_000;

/** The streams as they stand, looked at again while the page is open. */
export function StreamList({
  first,
  actions,
}: {
  first: readonly StreamRow[];
  actions: StreamActions;
}) {
  const { data: streams } = useQuery({
    queryKey: ['streams', first],
    queryFn: ({ signal }) => fetchJson<readonly StreamRow[]>('/api/streams', { signal }),
    initialData: first,
    gcTime: 0,
    refetchInterval: lookEvery,
  });
  if (streams.length === 0) {
    return (
      <EmptyState
        title="No streams yet"
        description="Have your audit events sent to your SIEM, your log collector or a bucket of yours as they happen."
      />
    );
  }
  return (
    <ul className="flex flex-col gap-3" aria-label="Streams">
      {streams.map((stream) => (
        <StreamItem key={stream.id} stream={stream} actions={actions} />
      ))}
    </ul>
  );
}
