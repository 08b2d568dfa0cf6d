'use client';
import { SliceTable } from '@/components/paging/slice-table';
import { type Column, DateTime, EmptyState, StatusBadge } from '@/components/ui';
import type { CampaignRow } from '@/lib/campaigns/contract';
import type { Slice } from '@/lib/paging/contract';
import { campaignState, campaignTitle } from './words';

const columns: readonly Column<CampaignRow>[] = [
  { key: 'title', header: 'Campaign', primary: true, cell: campaignTitle },
  {
    key: 'state',
    header: 'State',
    width: 'w-36',
    cell: (row) => <StatusBadge status={campaignState(row)} />,
  },
  {
    key: 'done',
    header: 'Done',
    align: 'right',
    cell: (row) => (
      <span data-numeric>
        {row.done} of {row.connections}
      </span>
    ),
  },
  {
    key: 'tenants',
    header: 'Tenants',
    align: 'right',
    cell: (row) => <span data-numeric>{row.tenants}</span>,
  },
  {
    key: 'deadline',
    header: 'Until (UTC)',
    cell: (row) => <DateTime value={row.deadline} format="absolute" timeZone="UTC" />,
  },
  { key: 'by', header: 'Started by', cell: (row) => row.createdName },
];

/** The campaigns, newest first. */
export function CampaignList({ first }: { first: Slice<CampaignRow> }) {
  return (
    <SliceTable
      path="/api/admin/campaigns"
      filter={{}}
      first={first}
      caption="Campaigns"
      columns={columns}
      rowKey={(row) => row.id}
      rowHref={(row) => `/admin/reconsent/${row.id}`}
      one="campaign"
      noMatch={{ title: 'No campaign yet', href: '/admin/reconsent' }}
      empty={
        <EmptyState
          title="No campaign yet"
          description="Start one when many connections need consent again, or ask one tenant from its page."
        />
      }
    />
  );
}
