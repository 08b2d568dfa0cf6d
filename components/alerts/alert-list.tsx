'use client';
import { DeniedPerson } from '@/components/denials/columns';
import { SliceTable } from '@/components/paging/slice-table';
import { type Column, DateTime, EmptyState, providerName, StatusBadge } from '@/components/ui';
import { type AlertFilter, type AlertRow, ruleWords } from '@/lib/alerts/contract';
import type { Slice } from '@/lib/paging/contract';

/** An alert of seconds ago is seen without reloading. */
const refreshEvery = 15_000;

/** Whose it is: one tenant by name, several by their number. */
export const tenantsOf = ({ tenantName, tenants }: AlertRow): string =>
  tenantName ?? (tenants > 0 ? `${tenants} tenants` : 'All');

/** Of what stands for many: how many it adds to those that stand open. */
const othersOf = ({ subjects }: AlertRow): string => `${subjects} more than stand open`;

function whoOf(row: AlertRow) {
  if (row.fault) return providerName(row.fault.provider);
  return row.subjects > 0 ? othersOf(row) : <DeniedPerson denial={row} />;
}

const columns: readonly Column<AlertRow>[] = [
  { key: 'rule', header: 'Alert', primary: true, cell: (row) => ruleWords[row.rule].title },
  {
    key: 'state',
    header: 'State',
    width: 'w-36',
    cell: (row) => <StatusBadge status={row.acknowledgedAt ? 'acknowledged' : 'open'} />,
  },
  {
    key: 'person',
    header: 'Who',
    cell: whoOf,
  },
  { key: 'tenant', header: 'Tenant', cell: tenantsOf },
  {
    key: 'denials',
    header: 'Refusals',
    align: 'right',
    cell: (row) => <span data-numeric>{row.denials}</span>,
  },
  { key: 'last', header: 'Latest', cell: (row) => <DateTime value={row.lastSeenAt} /> },
];

export interface AlertListProps {
  filter: AlertFilter;
  first: Slice<AlertRow>;
}

/** The alerts, newest first. */
export function AlertList({ filter, first }: AlertListProps) {
  return (
    <SliceTable
      path="/api/admin/alerts"
      filter={filter}
      first={first}
      caption="Alerts"
      columns={columns}
      rowKey={(row) => row.id}
      rowHref={(row) => `/admin/alerts/${row.id}`}
      one="alert"
      noMatch={{ title: 'No alert matches these filters', href: '/admin/alerts' }}
      empty={
        <EmptyState
          title="No alerts"
          description="Nothing that was refused looks like more than a mistake."
        />
      }
      refreshEvery={refreshEvery}
    />
  );
}
