import type { ReactNode } from 'react';
import { type Ask, AskDialog } from '@/components/campaigns/ask-dialog';
import { type Column, DateTime, EmptyState, Nothing, StatusBadge, Table } from '@/components/ui';
import { denialReasonLabel } from '@/lib/denials/contract';
import type { TenantOverview } from '@/lib/platform/contract';
import { authorityNames, providerNames } from '@/lib/providers/contract';

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

type Connection = TenantOverview['connections'][number];
type Run = TenantOverview['runs'][number];
type Denial = TenantOverview['denials'][number];

const connectionColumns = (onAsk: Ask): readonly Column<Connection>[] => [
  {
    key: 'provider',
    header: 'Connection',
    primary: true,
    cell: (row) => (
      <>
        {providerNames[row.provider]}
        <span className="block text-muted text-xs">
          {authorityNames[row.authority]} · <code>{row.id.slice(-12)}</code>
        </span>
      </>
    ),
  },
  { key: 'state', header: 'State', cell: (row) => <StatusBadge status={row.state} /> },
  { key: 'reason', header: 'Reason', cell: (row) => row.stateReason ?? <Nothing /> },
  { key: 'since', header: 'Since', cell: (row) => <DateTime value={row.stateChangedAt} /> },
  {
    key: 'used',
    header: 'Last used',
    cell: (row) => (row.lastUsedAt ? <DateTime value={row.lastUsedAt} /> : <Nothing />),
  },
  {
    key: 'ask',
    header: <span className="sr-only">Ask</span>,
    align: 'right',
    cell: (row) => asksFor.has(row.state) && <AskDialog connectionId={row.id} onAsk={onAsk} />,
  },
];

/** States in which somebody has to give authority again. */
const asksFor = new Set(['needs_scopes', 'needs_reconsent', 'blocked_by_policy']);

const runColumns: readonly Column<Run>[] = [
  {
    key: 'id',
    header: 'Run',
    primary: true,
    cell: (row) => <code className="text-xs">{row.id}</code>,
  },
  { key: 'state', header: 'State', cell: (row) => <StatusBadge status={row.state} /> },
  {
    key: 'trigger',
    header: 'Trigger',
    cell: (row) => `${capital(row.trigger)}${row.dryRun ? ', dry run' : ''}`,
  },
  { key: 'at', header: 'Asked for', cell: (row) => <DateTime value={row.createdAt} /> },
];

const denialColumns: readonly Column<Denial>[] = [
  {
    key: 'path',
    header: 'Asked for',
    primary: true,
    cell: (row) => (
      <code className="break-all text-xs">
        {row.method} {row.path}
      </code>
    ),
  },
  { key: 'reason', header: 'Why refused', cell: (row) => denialReasonLabel(row.reason) },
  {
    key: 'request',
    header: 'Request',
    cell: (row) => <code className="text-xs">{row.requestId}</code>,
  },
  { key: 'at', header: 'Time', cell: (row) => <DateTime value={row.at} /> },
];

export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mt-8">
      <h2 className="mb-3 font-semibold text-base">{title}</h2>
      {children}
    </section>
  );
}

const empty = (title: string) => <EmptyState title={title} />;

/** The tenant's connections, each with what staff can do about it. */
export function TenantConnections({
  connections,
  onAsk,
}: {
  connections: TenantOverview['connections'];
  onAsk: Ask;
}) {
  return (
    <Table
      caption="Connections"
      columns={connectionColumns(onAsk)}
      rows={connections}
      rowKey={(row) => row.id}
      empty={empty('No provider is connected')}
    />
  );
}

/** What happened last. */
export function TenantLately({ overview }: { overview: TenantOverview }) {
  return (
    <>
      <Section title="Last runs">
        <Table
          caption="Last runs"
          columns={runColumns}
          rows={overview.runs}
          rowKey={(row) => row.id}
          rowHref={(row) => `/admin/runs/${row.id}`}
          empty={empty('Nothing has run yet')}
        />
      </Section>
      <Section title="Last refusals">
        <Table
          caption="Last refusals"
          columns={denialColumns}
          rows={overview.denials}
          rowKey={(row) => row.id}
          empty={empty('No access was refused')}
        />
      </Section>
    </>
  );
}
