'use client';
import { tenantColumn } from '@/components/console/event-columns';
import { SliceTable } from '@/components/paging/slice-table';
import { type Column, DateTime, EmptyState, Nothing, StatusBadge } from '@/components/ui';
import type { Slice } from '@/lib/paging/contract';
import {
  type PlatformStreamFilter,
  type PlatformStreamRow,
  streamKindWords,
} from '@/lib/streams/contract';

type Row = PlatformStreamRow;

function Failure({ row }: { row: Row }) {
  if (row.failingSince === null) return <Nothing label="nothing is in its way" />;
  return (
    <span className="block text-pretty">
      {row.failure}
      <span className="block text-muted text-xs">
        since <DateTime value={row.failingSince} format="absolute" />,{' '}
        {row.failures.toLocaleString('en')} {row.failures === 1 ? 'attempt' : 'attempts'}
      </span>
    </span>
  );
}

const columns: readonly Column<Row>[] = [
  { ...tenantColumn<Row>(), primary: true },
  { key: 'kind', header: 'Kind', width: 'w-28', cell: ({ kind }) => streamKindWords[kind].label },
  {
    key: 'state',
    header: 'State',
    width: 'w-40',
    cell: ({ state }) => <StatusBadge status={state} />,
  },
  { key: 'failure', header: 'In its way', cell: (row) => <Failure row={row} /> },
  {
    key: 'next',
    header: 'Tried again',
    from: 'xl',
    cell: ({ nextAttemptAt }) => (nextAttemptAt ? <DateTime value={nextAttemptAt} /> : <Nothing />),
  },
  {
    key: 'arrived',
    header: 'Last arrived',
    from: 'lg',
    cell: ({ deliveredAt }) => (deliveredAt ? <DateTime value={deliveredAt} /> : 'Never'),
  },
  {
    key: 'delivered',
    header: 'Arrived',
    align: 'right',
    from: 'lg',
    cell: ({ delivered }) => <span data-numeric>{delivered.toLocaleString('en')}</span>,
  },
];

export interface PlatformStreamListProps {
  filter: PlatformStreamFilter;
  first: Slice<Row>;
}

/** The streams of all tenants, newest first. */
export function PlatformStreamList({ filter, first }: PlatformStreamListProps) {
  return (
    <SliceTable
      path="/api/admin/streams"
      filter={filter}
      first={first}
      caption="Streams of all tenants"
      columns={columns}
      rowKey={({ id }) => id}
      one="stream"
      noMatch={{ title: 'No stream matches these filters', href: '/admin/streams' }}
      empty={
        <EmptyState
          title="No streams"
          description="Owners set them up in the settings of their organisation."
        />
      }
    />
  );
}
