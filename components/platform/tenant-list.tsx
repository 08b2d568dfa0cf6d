'use client';
import { SliceTable } from '@/components/paging/slice-table';
import { type Column, DateTime, EmptyState, Nothing, StatusBadge } from '@/components/ui';
import type { Slice } from '@/lib/paging/contract';
import type { TenantFilter, TenantRow } from '@/lib/platform/contract';

function ConnectionCount({ tenant }: { tenant: TenantRow }) {
  if (tenant.connections === 0) return <Nothing label="no connections" />;
  return (
    <span>
      {tenant.connections}
      {tenant.broken > 0 && (
        <span className="ml-2 font-medium text-danger">{tenant.broken} broken</span>
      )}
    </span>
  );
}

const columns: readonly Column<TenantRow>[] = [
  { key: 'name', header: 'Tenant', primary: true, cell: (tenant) => tenant.name },
  {
    key: 'state',
    header: 'State',
    width: 'w-32',
    cell: (tenant) => <StatusBadge status={tenant.state} />,
  },
  {
    key: 'connections',
    header: 'Connections',
    cell: (tenant) => <ConnectionCount tenant={tenant} />,
  },
  { key: 'members', header: 'Members', align: 'right', cell: (tenant) => tenant.members },
  {
    key: 'activity',
    header: 'Last activity',
    cell: (tenant) =>
      tenant.lastActivityAt ? <DateTime value={tenant.lastActivityAt} /> : <Nothing />,
  },
  {
    key: 'created',
    header: 'Created',
    from: 'lg',
    cell: (tenant) => <DateTime value={tenant.createdAt} />,
  },
];

export interface TenantListProps {
  filter: TenantFilter;
  first: Slice<TenantRow>;
}

/** The tenants, newest first. */
export function TenantList({ filter, first }: TenantListProps) {
  return (
    <SliceTable
      path="/api/admin/tenants"
      filter={filter}
      first={first}
      caption="Tenants"
      columns={columns}
      rowKey={(tenant) => tenant.id}
      rowHref={(tenant) => `/admin/tenants/${tenant.id}`}
      one="tenant"
      noMatch={{ title: 'No tenant matches these filters', href: '/admin/tenants' }}
      empty={
        <EmptyState
          title="No tenants yet"
          description="A tenant appears here as soon as somebody signs up."
        />
      }
    />
  );
}
