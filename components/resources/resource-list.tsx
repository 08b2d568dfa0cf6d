'use client';
import { useQuery } from '@tanstack/react-query';
import { useRouter, useSearchParams } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { fetchJson } from '@/components/api/fetch-json';
import { PagedTable } from '@/components/paging/paged-table';
import { shownWords } from '@/components/paging/shown-words';
import { useSlices } from '@/components/paging/use-slices';
import { ButtonLink, EmptyState, Spinner } from '@/components/ui';
import type {
  ConnectionView,
  ResourceFilter,
  ResourceSlice,
  ResourceView,
} from '@/lib/connections/contract';
import { resourceColumns } from './columns';

/** Milliseconds between two looks while a discovery is going on. */
const lookEvery = 2_000;

export interface ResourceListProps {
  filter: ResourceFilter;
  first: ResourceSlice;
  connections: readonly ConnectionView[];
}

/** What was found, by name; it fills while a discovery is going on. One opens beside it. */
export function ResourceList({ filter, first, connections }: ResourceListProps) {
  const search = useSearchParams();
  const discovering = useDiscovering(connections);
  const list = useSlices<ResourceView>({
    path: '/api/resources',
    parameters: filter,
    first,
    refreshEvery: discovering ? lookEvery : false,
  });
  useRefreshWhenOver(discovering);
  const filtered = Boolean(
    filter.kind ?? filter.connection ?? (filter.q || filter.presence !== 'present'),
  );

  const { total } = first;
  const shown =
    list.hasMore && total
      ? `${list.items.length} of ${total.more ? 'more than ' : ''}${total.count.toLocaleString('en')} resources`
      : shownWords(list, 'resource');

  function href({ id }: ResourceView): string {
    const next = new URLSearchParams(search);
    next.set('resource', id);
    return `/resources?${next}`;
  }

  return (
    <>
      {discovering && (
        <p className="mb-3 flex items-center gap-2 text-muted text-sm">
          <Spinner label="" className="text-faint" />A discovery is going on; the list fills by
          itself.
        </p>
      )}
      <PagedTable
        caption="Resources"
        columns={resourceColumns}
        list={list}
        shown={shown}
        rowKey={({ id }) => id}
        rowHref={href}
        empty={<NoResources filtered={filtered} connected={connections.length > 0} />}
      />
    </>
  );
}

/** What the last batches brought is newer than the last look at the list. */
function useRefreshWhenOver(discovering: boolean): void {
  const router = useRouter();
  const was = useRef(discovering);
  useEffect(() => {
    if (was.current && !discovering) router.refresh();
    was.current = discovering;
  }, [discovering, router]);
}

/** Whether any connection is being looked through right now. */
function useDiscovering(first: readonly ConnectionView[]): boolean {
  const { data } = useQuery({
    queryKey: ['connections', first],
    queryFn: ({ signal }) => fetchJson<readonly ConnectionView[]>('/api/connections', { signal }),
    initialData: first,
    gcTime: 0,
    refetchInterval: ({ state }) =>
      state.data?.some(({ discovering }) => discovering) ? lookEvery : false,
  });
  return data.some(({ discovering }) => discovering);
}

function NoResources({ filtered, connected }: { filtered: boolean; connected: boolean }) {
  if (filtered) {
    return (
      <EmptyState
        kind="no-match"
        title="Nothing matches these filters"
        description="A search finds names with what you type anywhere in them, or what “Search by” says."
        action={<ButtonLink href="/resources">Clear filters</ButtonLink>}
      />
    );
  }
  return (
    <EmptyState
      title="Nothing has been found yet"
      description={
        connected
          ? 'As soon as a discovery has looked through an account, what it has is listed here.'
          : 'Connect an account first; what it has is then listed here.'
      }
      action={
        <ButtonLink variant="primary" href="/connections">
          {connected ? 'See connections' : 'Connect an account'}
        </ButtonLink>
      }
    />
  );
}
