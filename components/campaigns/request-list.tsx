'use client';
import { SliceTable } from '@/components/paging/slice-table';
import { type Column, DateTime, Nothing, StatusBadge } from '@/components/ui';
import type { RequestFilter, RequestRow } from '@/lib/campaigns/contract';
import type { Slice } from '@/lib/paging/contract';

const columns: readonly Column<RequestRow>[] = [
  { key: 'tenant', header: 'Tenant', primary: true, cell: (row) => row.tenantName },
  {
    key: 'state',
    header: 'Progress',
    width: 'w-36',
    cell: (row) => <StatusBadge status={row.state} />,
  },
  {
    key: 'connection',
    header: 'Connection',
    cell: (row) => <StatusBadge status={row.connectionState} />,
  },
  {
    key: 'mails',
    header: 'Mails',
    align: 'right',
    cell: (row) => <span data-numeric>{row.mails}</span>,
  },
  {
    key: 'last',
    header: 'Last mail',
    cell: (row) => (row.lastMailAt ? <DateTime value={row.lastMailAt} /> : <Nothing />),
  },
];

interface RequestListProps {
  campaignId: string;
  filter: RequestFilter;
  first: Slice<RequestRow>;
}

/** How each connection of a campaign stands. */
export function RequestList({ campaignId, filter, first }: RequestListProps) {
  return (
    <SliceTable
      path={`/api/admin/campaigns/${campaignId}/requests`}
      filter={filter}
      first={first}
      caption="Connections asked"
      columns={columns}
      rowKey={(row) => row.id}
      rowHref={(row) => `/admin/tenants/${row.tenantId}`}
      one="connection"
      noMatch={{
        title: 'No connection matches this filter',
        href: `/admin/reconsent/${campaignId}`,
      }}
    />
  );
}
