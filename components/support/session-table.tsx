import { Badge, type Column, DateTime, EmptyState, Table } from '@/components/ui';
import { endingWords, type SupportSessionRow } from '@/lib/support/contract';

const columns: readonly Column<SupportSessionRow>[] = [
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
  { key: 'who', header: 'Who', cell: ({ staffName }) => staffName, width: 'w-40' },
  {
    key: 'began',
    header: 'Began',
    cell: ({ startedAt }) => <DateTime value={startedAt} format="absolute" />,
    width: 'w-44',
  },
  {
    key: 'ended',
    header: 'Ended',
    cell: (row) =>
      row.open ? (
        <Badge tone="accent">Under way</Badge>
      ) : (
        <span>
          {row.endedAt && <DateTime value={row.endedAt} format="absolute" />}
          <span className="block text-muted text-xs">
            {row.ending && endingWords[row.ending]}
            {row.endedName && `: ${row.endedName}`}
          </span>
        </span>
      ),
    width: 'w-52',
  },
  {
    key: 'may',
    header: 'Could',
    cell: ({ mendsBy }) => (mendsBy ? `Look and mend, by ${mendsBy}` : 'Look'),
    width: 'w-40',
  },
];

/** Who of support looked in, when, why, and how it ended. */
export function SessionTable({ sessions }: { sessions: readonly SupportSessionRow[] }) {
  return (
    <Table
      caption="Support sessions"
      columns={columns}
      rows={sessions}
      rowKey={(row) => row.id}
      empty={
        <EmptyState
          title="Nobody of support has looked in yet"
          description="Each session is listed here: who, when, why, and how it ended."
        />
      }
    />
  );
}
