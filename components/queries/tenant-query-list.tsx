import { type Column, EmptyState, Table } from '@/components/ui';
import type { QueryFilter, TenantQueryRow } from '@/lib/queries/contract';
import { queriesHref } from './address';
import { countText, timeColumns } from './columns';

const columns: readonly Column<TenantQueryRow>[] = [
  {
    key: 'tenant',
    header: 'Tenant',
    primary: true,
    cell: (row) =>
      row.tenantName ?? (
        <span className="font-normal text-muted">
          {row.tenantId === null ? 'For no one tenant' : 'A tenant that is gone'}
        </span>
      ),
  },
  {
    key: 'queries',
    header: 'Queries',
    align: 'right',
    from: 'lg',
    cell: (row) => <span data-numeric>{countText(row.queries)}</span>,
  },
  ...timeColumns<TenantQueryRow>(),
];

export interface TenantQueryListProps {
  filter: QueryFilter;
  rows: readonly TenantQueryRow[];
}

/** Tenants by what their queries took; each leads to its queries. */
export function TenantQueryList({ filter, rows }: TenantQueryListProps) {
  return (
    <Table
      caption="Tenants by what their queries took"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.tenantId ?? 'none'}
      rowHref={(row) => queriesHref(filter, { by: 'query', tenant: row.tenantId ?? '' })}
      empty={<NothingRan />}
    />
  );
}

/** Figures arrive every 15 seconds; before, and for a tenant that rests, there are none. */
export function NothingRan() {
  return (
    <EmptyState
      kind="no-match"
      title="Nothing was asked of the database then"
      description="Figures are written every 15 seconds and kept for 14 days, by whole hours."
    />
  );
}
