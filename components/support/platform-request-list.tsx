'use client';
import { tenantColumn } from '@/components/console/event-columns';
import { To } from '@/components/console/links';
import { SliceTable } from '@/components/paging/slice-table';
import { Badge, type Column, DateTime, EmptyState, type Tone } from '@/components/ui';
import type { Slice } from '@/lib/paging/contract';
import {
  type PlatformRequestFilter,
  type PlatformRequestRow,
  requestStateWords,
} from '@/lib/support/contract';

type Row = PlatformRequestRow;

const tones: Readonly<Record<Row['state'], Tone>> = {
  waiting: 'info',
  approved: 'success',
  declined: 'warning',
  expired: 'neutral',
  used: 'neutral',
};

const columns: readonly Column<Row>[] = [
  {
    key: 'reason',
    header: 'Reason',
    primary: true,
    cell: ({ reason, ticket }) => (
      <span className="break-words">
        {reason}
        {ticket && <span className="text-muted"> · {ticket}</span>}
      </span>
    ),
  },
  tenantColumn<Row>(),
  {
    key: 'who',
    header: 'Asked by',
    cell: ({ staffId, staffName }) => (
      <To to="person" id={staffId}>
        {staffName}
      </To>
    ),
  },
  {
    key: 'state',
    header: 'Answer',
    cell: ({ state, decidedName }) => (
      <>
        <Badge tone={tones[state]}>{requestStateWords[state]}</Badge>
        {decidedName && <span className="block text-muted text-xs">{decidedName}</span>}
      </>
    ),
  },
  {
    key: 'asked',
    header: 'Asked',
    cell: ({ askedAt }) => <DateTime value={askedAt} className="whitespace-nowrap" />,
  },
  {
    key: 'until',
    header: 'Until (UTC)',
    from: 'lg',
    cell: ({ expiresAt }) => (
      <DateTime value={expiresAt} format="absolute" timeZone="UTC" className="whitespace-nowrap" />
    ),
  },
];

export interface PlatformRequestListProps {
  filter: PlatformRequestFilter;
  first: Slice<Row>;
}

/** What staff asked of the owners of all tenants, newest first. */
export function PlatformRequestList({ filter, first }: PlatformRequestListProps) {
  return (
    <SliceTable
      path="/api/admin/support-requests"
      filter={filter}
      first={first}
      caption="Support requests of all tenants"
      columns={columns}
      rowKey={({ id }) => id}
      rowHref={({ tenantId }) => `/admin/tenants/${tenantId}/support`}
      one="request"
      noMatch={{ title: 'No request matches these filters', href: '/admin/support-requests' }}
      empty={
        <EmptyState
          title="No requests"
          description="Where an organisation wants to be asked first, its owners are asked on the tenant’s page."
        />
      }
    />
  );
}
