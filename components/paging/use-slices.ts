'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useRef } from 'react';
import { refreshHeader, type Slice } from '@/lib/paging/contract';
import { fetchJson } from '../api/fetch-json';

type Parameters = Readonly<Record<string, string | undefined>>;

function address(path: string, parameters: Parameters, cursor: string | null): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') query.set(key, value);
  }
  if (cursor) query.set('cursor', cursor);
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

let versions = 0;
const nextVersion = (_first: Slice<unknown>): number => ++versions;

interface SlicesOptions<Item> {
  /** Endpoint that answers a `Slice`. */
  readonly path: string;
  /** The filters, as they stand in the URL. */
  readonly parameters: Parameters;
  /** The first page, as the server rendered it. */
  readonly first: Slice<Item>;
  /** Ask again every so many milliseconds; false when nothing is going on. */
  readonly refreshEvery?: number | false;
}

/** A list by pages: the first from the server, the next by cursor as one asks for more. */
export function useSlices<Item>({
  path,
  parameters,
  first,
  refreshEvery = false,
}: SlicesOptions<Item>) {
  // A first page newly rendered by the server starts the list afresh instead of losing to the cache.
  const version = useMemo(() => nextVersion(first), [first]);
  // The server rendered the first; what is asked for anew refreshes what is there.
  const asked = useRef(new Set<string | null>([null]));
  const query = useInfiniteQuery({
    queryKey: [path, parameters, version],
    gcTime: 0,
    queryFn: ({ pageParam, signal }) => {
      const again = asked.current.has(pageParam);
      asked.current.add(pageParam);
      const headers = again ? { [refreshHeader]: '1' } : undefined;
      return fetchJson<Slice<Item>>(address(path, parameters, pageParam), {
        signal,
        ...(headers ? { headers } : {}),
      });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    initialData: { pages: [first], pageParams: [null] },
    staleTime: refreshEvery === false ? Number.POSITIVE_INFINITY : 0,
    refetchInterval: refreshEvery,
    refetchOnMount: refreshEvery !== false,
  });
  return {
    items: query.data.pages.flatMap((page) => page.items),
    hasMore: query.hasNextPage,
    loadMore: () => query.fetchNextPage(),
    loading: query.isFetchingNextPage,
    error: query.error,
  };
}
