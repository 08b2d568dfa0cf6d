import { type Column, DateTime, EmptyState, LoadMore, Table } from '@/components/ui';
import { type ApprovalRow, approvalTitles } from '@/lib/approvals/contract';
import { ApprovalStateBadge } from './state-badge';

const columns: readonly Column<ApprovalRow>[] = [
  { key: 'words', header: 'What will happen', primary: true, cell: (row) => row.words },
  { key: 'kind', header: 'Kind', from: 'xl', cell: (row) => approvalTitles[row.kind] },
  {
    key: 'asked',
    header: 'Asked by',
    cell: ({ askedBy, missing }) =>
      missing === 'asker' ? `${askedBy.name} (no longer staff)` : askedBy.name,
  },
  {
    key: 'state',
    header: 'State',
    width: 'w-36',
    cell: (row) => <ApprovalStateBadge approval={row} />,
  },
  {
    key: 'until',
    header: 'Until',
    cell: (row) => <DateTime value={row.expiresAt} format="absolute" />,
  },
];

export interface ApprovalListProps {
  rows: readonly ApprovalRow[];
  show: 'waiting' | 'all';
  /** Address of the next page. */
  more: string | null;
}

/** What was asked for, newest first. */
export function ApprovalList({ rows, show, more }: ApprovalListProps) {
  return (
    <Table
      caption="Approvals"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      rowHref={(row) => `/admin/approvals/${row.id}`}
      footer={more && <LoadMore shown={`${rows.length} shown`} href={more} />}
      empty={
        <EmptyState
          title={show === 'waiting' ? 'Nothing waits' : 'Nothing was asked for yet'}
          description="What takes two persons comes here: it is asked for by one, and decided on by another."
        />
      }
    />
  );
}
