import { Card, CardBody, CardHeader, type Column, DateTime, Nothing, Table } from '@/components/ui';
import { inDays, type RetentionRow, retentionKinds } from '@/lib/lifecycle/contract';
import { retentionNoticeDays } from '@/lib/limits/contract';
import { KeptFor } from './kept-for';

const number = (value: number) => <span data-numeric>{value.toLocaleString('en')}</span>;

const columns: readonly Column<RetentionRow>[] = [
  { key: 'kind', header: 'What', primary: true, cell: ({ kind }) => retentionKinds[kind] },
  {
    key: 'days',
    header: 'Kept for',
    align: 'right',
    cell: ({ days, later }) => <KeptFor days={days} later={later} />,
  },
  {
    key: 'last',
    header: 'Last deleted (UTC)',
    cell: ({ lastAt }) =>
      lastAt ? <DateTime value={lastAt} format="absolute" timeZone="UTC" /> : <Nothing />,
  },
  {
    key: 'lastRows',
    header: 'Rows then',
    align: 'right',
    cell: ({ lastRows }) => number(lastRows),
  },
  { key: 'rows', header: 'In 90 days', align: 'right', cell: ({ rows }) => number(rows) },
];

/** How long each kind of thing is kept, and what was deleted for its age. */
export function RetentionCard({ rows }: { rows: readonly RetentionRow[] }) {
  return (
    <Card aria-labelledby="retention">
      <CardHeader
        id="retention"
        title="How long things are kept"
        description={`What is older is deleted every night, and that is put on record. Before anything is kept for less time, owners are told by mail, and have ${inDays(retentionNoticeDays)}. The audit record itself is never shortened: an event that is missing could not be told from one that was taken away.`}
      />
      <CardBody>
        <Table
          caption="How long things are kept"
          columns={columns}
          rows={rows}
          rowKey={({ kind }) => kind}
        />
      </CardBody>
    </Card>
  );
}
