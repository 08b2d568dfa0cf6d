'use client';
import { useQuery } from '@tanstack/react-query';
import { fetchJson } from '@/components/api/fetch-json';
import { EmptyState } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import { type ExportRow, isUnderWay } from '@/lib/exports/contract';
import { ExportItem } from './export-item';

/** Milliseconds between two looks while one is under way. */
const lookEvery = 1_500;

export interface ExportListProps {
  first: readonly ExportRow[];
  onCancel: (input: { exportId: string }) => Promise<ActionResult<unknown>>;
}

/** The exports of the last days, newest first, as they go on. */
export function ExportList({ first, onCancel }: ExportListProps) {
  const { data: rows, refetch } = useQuery({
    queryKey: ['exports', first],
    queryFn: ({ signal }) => fetchJson<readonly ExportRow[]>('/api/exports', { signal }),
    initialData: first,
    gcTime: 0,
    refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? lookEvery : false),
  });
  if (rows.length === 0) {
    return (
      <EmptyState
        title="No exports yet"
        description="Files that you or others ask for are made in the background and wait here for a day."
      />
    );
  }
  return (
    <ul className="flex flex-col gap-3" aria-label="Exports">
      {rows.map((row) => (
        <ExportItem
          key={row.id}
          row={row}
          onCancel={async () => {
            const result = await onCancel({ exportId: row.id });
            await refetch();
            return result;
          }}
        />
      ))}
    </ul>
  );
}
