'use client';
import { shownWords } from '@/components/paging/shown-words';
import { useSlices } from '@/components/paging/use-slices';
import {
  ButtonLink,
  Callout,
  type Column,
  DateTime,
  EmptyState,
  LoadMore,
  Nothing,
  StatusBadge,
  Table,
} from '@/components/ui';
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
  const list = useSlices<TenantRow>({ path: '/api/admin/tenants', parameters: filter, first });
  const filtered = filter.q !== undefined || filter.state !== undefined;
  return (
    <>
      <Table
        caption="Tenants"
        columns={columns}
        rows={list.items}
        rowKey={(tenant) => tenant.id}
        rowHref={(tenant) => `/admin/tenants/${tenant.id}`}
        empty={
          filtered ? (
            <EmptyState
              kind="no-match"
              title="No tenant matches these filters"
              action={<ButtonLink href="/admin">Clear filters</ButtonLink>}
            />
          ) : (
            <EmptyState
              title="No tenants yet"
              description="An organisation appears here as soon as somebody signs up."
            />
          )
        }
        footer={
          <LoadMore
            shown={shownWords(list, 'tenant')}
            onMore={list.hasMore ? list.loadMore : undefined}
            loading={list.loading}
          />
        }
      />
      {list.error && (
        <Callout tone="danger" role="alert" title="More could not be loaded" className="mt-4">
          {list.error.message}
        </Callout>
      )}
    </>
  );
}
