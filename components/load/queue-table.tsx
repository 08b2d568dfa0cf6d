import { Sparkline } from '@/components/charts';
import { type Column, durationText, EmptyState, Nothing, Table } from '@/components/ui';
import type { TenantQueue } from '@/lib/load/contract';

const columns: readonly Column<TenantQueue>[] = [
  {
    key: 'tenant',
    header: 'Tenant',
    primary: true,
    cell: ({ tenantName, tenantId }) => tenantName ?? tenantId,
  },
  {
    key: 'waiting',
    header: 'Waiting now',
    align: 'right',
    cell: ({ waiting }) => (waiting === 0 ? <Nothing label="nothing" /> : waiting),
  },
  {
    key: 'oldest',
    header: 'Oldest',
    align: 'right',
    cell: ({ waiting, oldestWaitMs }) =>
      waiting === 0 ? <Nothing label="nothing" /> : durationText(oldestWaitMs),
  },
  {
    key: 'history',
    header: 'Over time',
    cell: ({ history }) => (
      <Sparkline
        values={history}
        label={`Waited over time: at most ${Math.max(0, ...history)} at once`}
      />
    ),
  },
];

/** Whose background work waits, or waited within the window. */
export function QueueTable({ queues }: { queues: readonly TenantQueue[] }) {
  return (
    <section aria-labelledby="queues" className="min-w-0">
      <h2 id="queues" className="mb-3 font-semibold text-base">
        Queue by tenant
      </h2>
      <Table
        caption="Queue by tenant"
        columns={columns}
        rows={queues}
        rowKey={({ tenantId }) => tenantId}
        rowHref={({ tenantId }) => `/admin/engine?tenant=${tenantId}`}
        empty={
          <EmptyState
            title="No tenant’s work waits"
            description="Nor has any waited for as long as a look takes within this time."
          />
        }
      />
    </section>
  );
}
