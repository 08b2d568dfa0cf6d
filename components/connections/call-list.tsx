'use client';
import Link from 'next/link';
import { shownWords } from '@/components/paging/shown-words';
import { useSlices } from '@/components/paging/use-slices';
import {
  Badge,
  Callout,
  Card,
  CardHeader,
  type Column,
  DateTime,
  Duration,
  LoadMore,
  Nothing,
  Table,
  type Tone,
} from '@/components/ui';
import type { ProviderCallView } from '@/lib/connections/contract';
import type { Slice } from '@/lib/paging/contract';

const outcomes: Readonly<Record<string, { readonly label: string; readonly tone: Tone }>> = {
  ok: { label: 'OK', tone: 'success' },
  unauthorized: { label: 'Token refused', tone: 'warning' },
  forbidden: { label: 'Not allowed', tone: 'danger' },
  not_found: { label: 'Not found', tone: 'neutral' },
  conflict: { label: 'Conflict', tone: 'warning' },
  throttled: { label: 'Slow down', tone: 'warning' },
  unavailable: { label: 'Provider fault', tone: 'danger' },
  no_answer: { label: 'No answer', tone: 'danger' },
  refused: { label: 'Refused', tone: 'danger' },
};

function Outcome({ call }: { call: ProviderCallView }) {
  const { label, tone } = outcomes[call.outcome] ?? { label: call.outcome, tone: 'neutral' };
  return (
    <Badge tone={tone}>
      {label}
      {call.status !== null && ` · ${call.status}`}
    </Badge>
  );
}

const columns: readonly Column<ProviderCallView>[] = [
  {
    key: 'call',
    header: 'Call',
    primary: true,
    cell: ({ method, path, attempt }) => (
      <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
        <code className="break-all text-xs">
          <span className="text-muted">{method}</span> {path}
        </code>
        {attempt > 1 && <span className="text-faint text-xs">attempt {attempt}</span>}
      </span>
    ),
  },
  { key: 'outcome', header: 'Answer', width: 'w-36', cell: (call) => <Outcome call={call} /> },
  {
    key: 'duration',
    header: 'Took',
    width: 'w-20',
    align: 'right',
    cell: ({ durationMs }) => <Duration ms={durationMs} />,
  },
  {
    key: 'run',
    header: 'For',
    width: 'w-16',
    cell: ({ runId }) =>
      runId ? (
        <Link className="rounded-sm text-accent hover:underline" href={`/runs/${runId}`}>
          Run
        </Link>
      ) : (
        <Nothing label="no run" />
      ),
  },
  {
    key: 'at',
    header: 'When',
    width: 'w-28',
    cell: ({ at }) => <DateTime value={at} className="whitespace-nowrap" />,
  },
];

export interface CallListProps {
  connectionId: string;
  first: Slice<ProviderCallView>;
  /** Calls are being made right now. */
  live: boolean;
}

/** Every call that was made through a connection, newest first. */
export function CallList({ connectionId, first, live }: CallListProps) {
  const list = useSlices<ProviderCallView>({
    path: `/api/connections/${connectionId}/calls`,
    parameters: {},
    first,
    refreshEvery: live ? 2_000 : false,
  });
  return (
    <Card>
      <CardHeader
        title="Calls to the provider"
        description="What was asked and how it went. Never what was said."
      />
      {list.items.length === 0 ? (
        <p className="px-5 py-6 text-muted text-sm">No calls yet.</p>
      ) : (
        <Table
          className="rounded-none rounded-b-xl border-0 shadow-none"
          caption="Calls to the provider"
          columns={columns}
          rows={list.items}
          rowKey={({ id }) => id}
          footer={
            <LoadMore
              shown={shownWords(list, 'call')}
              onMore={list.hasMore ? list.loadMore : undefined}
              loading={list.loading}
            />
          }
        />
      )}
      {list.error && (
        <Callout tone="danger" role="alert" title={list.error.message} className="m-4" />
      )}
    </Card>
  );
}
