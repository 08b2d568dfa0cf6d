'use client';
import { tenantColumn } from '@/components/console/event-columns';
import { To } from '@/components/console/links';
import { SliceTable } from '@/components/paging/slice-table';
import { type Column, DateTime, EmptyState, Nothing, StatusBadge } from '@/components/ui';
import {
  exportTitle,
  type PlatformExportFilter,
  type PlatformExportRow,
} from '@/lib/exports/contract';
import type { Slice } from '@/lib/paging/contract';
import { sizeText } from './export-words';

type Row = PlatformExportRow;

const columns: readonly Column<Row>[] = [
  { key: 'what', header: 'Export', primary: true, cell: exportTitle },
  tenantColumn<Row>(),
  {
    key: 'state',
    header: 'State',
    cell: (row) => (
      <>
        <StatusBadge status={row.state} />
        {row.error && (
          <span className="mt-1 block text-pretty text-danger text-xs">{row.error}</span>
        )}
      </>
    ),
  },
  {
    key: 'who',
    header: 'Asked for by',
    from: 'lg',
    cell: (row) => (
      <To to="person" id={row.askedBy}>
        {row.askedName}
      </To>
    ),
  },
  {
    key: 'asked',
    header: 'Asked for (UTC)',
    width: 'w-36',
    cell: ({ askedAt }) => (
      <DateTime value={askedAt} format="absolute" timeZone="UTC" className="whitespace-nowrap" />
    ),
  },
  {
    key: 'ended',
    header: 'Ended',
    from: 'xl',
    cell: ({ finishedAt }) =>
      finishedAt ? <DateTime value={finishedAt} className="whitespace-nowrap" /> : <Nothing />,
  },
  {
    key: 'size',
    header: 'Records',
    align: 'right',
    from: 'lg',
    cell: ({ recordsDone, bytes }) => (
      <span data-numeric>
        {recordsDone.toLocaleString('en')}
        {bytes !== null && <span className="block text-muted text-xs">{sizeText(bytes)}</span>}
      </span>
    ),
  },
];

export interface PlatformExportListProps {
  filter: PlatformExportFilter;
  first: Slice<Row>;
}

/** The exports of all tenants, newest first. */
export function PlatformExportList({ filter, first }: PlatformExportListProps) {
  return (
    <SliceTable
      path="/api/admin/exports"
      filter={filter}
      first={first}
      caption="Exports of all tenants"
      columns={columns}
      rowKey={({ id }) => id}
      one="export"
      noMatch={{ title: 'No export matches these filters', href: '/admin/exports' }}
      empty={
        <EmptyState
          title="No exports"
          description="Members ask for them on their audit page, owners in the settings."
        />
      }
    />
  );
}
