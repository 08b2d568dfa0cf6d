'use client';
import { useQuery } from '@tanstack/react-query';
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

interface Answer {
  /** What was asked. */
  readonly q: string;
  readonly found: readonly PaletteHit[] | undefined;
  readonly isFetching: boolean;
  readonly error: Error | null;
}

/** What to show of the answer to `q` while `typed` stands there: nothing that is of other words. */
export function hitsNow(typed: string, { q, found, isFetching, error }: Answer): Hits {
  const words = typed.trim();
  const wanted = words.length >= shortestQuery;
  const answers = wanted && q === words;
  return {
    hits: answers ? (found ?? []) : [],
    pending: wanted && (isFetching || !answers),
    error: answers && error ? error.message : null,
  };
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
    staleTime: 30_000,
    retry: false,
  });
  return hitsNow(typed, { q, found: data?.hits, isFetching, error });
}
