'use client';
import { SliceTable } from '@/components/paging/slice-table';
import { type Column, DateTime, EmptyState, Nothing, StatusBadge } from '@/components/ui';
import type { Slice } from '@/lib/paging/contract';
import type { BrokenConnectionFilter, BrokenConnectionRow } from '@/lib/platform/contract';
import { authorityNames, providerNames } from '@/lib/providers/contract';
import { tenantColumn } from './event-columns';
import { shortId } from './links';

type Row = BrokenConnectionRow;

const columns: readonly Column<Row>[] = [
  {
    key: 'connection',
    header: 'Connection',
    primary: true,
    cell: (row) => (
      <>
        {providerNames[row.provider]}
        <span className="block text-muted text-xs">
          {authorityNames[row.authority]} · <code>{shortId(row.id)}</code>
        </span>
      </>
    ),
  },
  tenantColumn<Row>(),
  { key: 'state', header: 'State', cell: ({ state }) => <StatusBadge status={state} /> },
  { key: 'reason', header: 'Reason', cell: ({ stateReason }) => stateReason ?? <Nothing /> },
  { key: 'since', header: 'Since', cell: (row) => <DateTime value={row.stateChangedAt} /> },
  {
    key: 'used',
    header: 'Last used',
    from: 'lg',
    cell: ({ lastUsedAt }) => (lastUsedAt ? <DateTime value={lastUsedAt} /> : <Nothing />),
  },
];

export interface BrokenConnectionListProps {
  filter: BrokenConnectionFilter;
  first: Slice<Row>;
}

/** The connections of all tenants that wait for a person, newest first. */
export function BrokenConnectionList({ filter, first }: BrokenConnectionListProps) {
  return (
    <SliceTable
      path="/api/admin/connections"
      filter={filter}
      first={first}
      caption="Broken connections of all tenants"
      columns={columns}
      rowKey={({ id }) => id}
      rowHref={({ tenantId }) => `/admin/tenants/${tenantId}/connections`}
      one="connection"
      noMatch={{ title: 'No broken connection matches these filters', href: '/admin/connections' }}
      empty={
        <EmptyState
          title="No broken connections"
          description="Every connection that anybody consented to has the authority it needs."
        />
      }
    />
  );
}
