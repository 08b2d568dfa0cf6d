'use client';
import { type Column, DateTime, EmptyState, Nothing, StatusBadge, Table } from '@/components/ui';
import { type DeletionView, stageWords } from '@/lib/lifecycle/contract';
import { deletionStatus } from './words';

const columns: readonly Column<DeletionView>[] = [
  {
    key: 'tenant',
    header: 'Tenant',
    primary: true,
    cell: ({ tenantName, tenantId }) => tenantName ?? <code className="text-xs">{tenantId}</code>,
  },
  {
    key: 'state',
    header: 'State',
    width: 'w-36',
    cell: (row) => <StatusBadge status={deletionStatus(row)} />,
  },
  {
    key: 'stage',
    header: 'Stage',
    from: 'lg',
    cell: (row) => (row.state === 'ended' ? <Nothing /> : stageWords[row.stage]),
  },
  {
    key: 'by',
    header: 'Asked for by',
    from: 'xl',
    cell: ({ askedName, origin }) =>
      askedName ? `${askedName}${origin === 'staff' ? ', staff' : ', owner'}` : <Nothing />,
  },
  {
    key: 'grace',
    header: 'Grace until (UTC)',
    cell: (row) => <DateTime value={row.graceUntil} format="absolute" timeZone="UTC" />,
  },
  {
    key: 'rows',
    header: 'Rows erased',
    align: 'right',
    cell: (row) => <span data-numeric>{row.rows.toLocaleString('en')}</span>,
  },
];

/** Deletions of tenants: waiting, under way, done. */
export function DeletionList({ rows }: { rows: readonly DeletionView[] }) {
  return (
    <Table
      caption="Deletions"
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      rowHref={({ id }) => `/admin/deletions/${id}`}
      empty={
        <EmptyState
          title="No deletion"
          description="An owner asks for one in the settings of the organisation, staff on the tenant’s page."
        />
      }
    />
  );
}
