'use client';
import { SliceTable } from '@/components/paging/slice-table';
import { EmptyState } from '@/components/ui';
import type { PlatformRunFilter, PlatformRunRow } from '@/lib/console/contract';
import type { Slice } from '@/lib/paging/contract';
import { hrefs } from './links';
import { runColumns } from './run-columns';

export interface PlatformRunListProps {
  filter: PlatformRunFilter;
  first: Slice<PlatformRunRow>;
  /** Of the templates, by their keys. */
  titles: Readonly<Record<string, string>>;
}

/** Runs of all tenants, newest first. */
export function PlatformRunList({ filter, first, titles }: PlatformRunListProps) {
  return (
    <SliceTable
      path="/api/admin/runs"
      filter={filter}
      first={first}
      caption="Runs of all tenants"
      columns={runColumns(titles)}
      rowKey={(row) => row.id}
      rowHref={(row) => hrefs.run(row.id)}
      one="run"
      noMatch={{ title: 'No run matches these filters', href: '/admin/runs' }}
      empty={<EmptyState title="Nothing has run yet" />}
    />
  );
}
