'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { fetchJson } from '@/components/api/fetch-json';
import { type PaletteHit, type PaletteHits, shortestQuery } from '@/lib/palette/contract';

/** Milliseconds without a key before what stands there is looked for. */
const restMs = 150;

function useRested(typed: string): string {
  const [rested, setRested] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setRested(typed), restMs);
    return () => clearTimeout(timer);
  }, [typed]);
  return rested;
}

export interface Hits {
  readonly hits: readonly PaletteHit[];
  /** An answer to what stands there is on its way. */
  readonly pending: boolean;
  readonly error: string | null;
}

/** What an endpoint finds for what is typed, once typing rests. */
export function useHits(path: string, typed: string): Hits {
  const q = useRested(typed.trim());
  const asks = q.length >= shortestQuery;
  const { data, isFetching, error } = useQuery({
    queryKey: ['palette', path, q],
    queryFn: ({ signal }) =>
      fetchJson<PaletteHits>(`${path}?${new URLSearchParams({ q })}`, { signal }),
    enabled: asks,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
  });
  const wanted = typed.trim().length >= shortestQuery;
  return {
    hits: wanted && asks ? (data?.hits ?? []) : [],
    pending: wanted && (isFetching || q !== typed.trim()),
    error: wanted && error ? error.message : null,
  };
}
