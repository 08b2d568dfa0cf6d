import { AskedFor, DeniedPerson } from '@/components/denials/columns';
import { ButtonLink, type Column, EmptyState, Table, utcTimeColumn } from '@/components/ui';
import type { AlertDenial, AlertDetail } from '@/lib/alerts/contract';
import { denialReasonLabel } from '@/lib/denials/contract';

const columns: readonly Column<AlertDenial>[] = [
  { key: 'asked', header: 'What', primary: true, cell: (row) => <AskedFor denial={row} /> },
  { key: 'reason', header: 'Why', cell: (row) => denialReasonLabel(row.reason) },
  { key: 'person', header: 'Who', cell: (row) => <DeniedPerson denial={row} /> },
  { key: 'tenant', header: 'Tenant', cell: (row) => row.tenantName },
  {
    key: 'times',
    header: 'Times',
    align: 'right',
    cell: (row) => <span data-numeric>{row.times}</span>,
  },
  utcTimeColumn(),
];

/** The record, filtered for what an alert is about. */
function recordHref({ userId, tenantId, reasons }: AlertDetail): string {
  const query = new URLSearchParams();
  if (userId) query.set('actor', userId);
  else if (tenantId) query.set('tenant', tenantId);
  const [only, ...others] = reasons;
  if (only && others.length === 0) query.set('reason', only);
  return `/admin/access-log?${query}`;
}

/** The latest denials behind an alert, and the way to all of them. */
export function AlertDenials({ alert }: { alert: AlertDetail }) {
  return (
    <section className="mt-8">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <h2 className="font-semibold text-base">Latest refusals behind it</h2>
        <ButtonLink href={recordHref(alert)}>All on record</ButtonLink>
      </div>
      <Table
        caption="Latest refusals behind it"
        columns={columns}
        rows={alert.latest}
        rowKey={(row) => row.id}
        rowHref={(row) => `/admin/access-log?request=${encodeURIComponent(row.requestId)}`}
        empty={
          <EmptyState
            title="They are no longer kept"
            description="Refusals are deleted after 90 days."
          />
        }
      />
    </section>
  );
}
