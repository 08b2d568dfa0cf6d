import { type Column, cn, longText, Nothing } from '@/components/ui';
import { type DenialRow, denialReasonLabel } from '@/lib/denials/contract';

/** What was asked for: an address, or the name of an action or event. */
export function AskedFor({ denial }: { denial: Pick<DenialRow, 'method' | 'path' | 'overflow'> }) {
  if (denial.overflow) return <>Many different things at once</>;
  return (
    <code className="break-all text-xs">
      {denial.method} {denial.path}
    </code>
  );
}

/** The person who was refused, as they were called then. */
export function DeniedPerson({
  denial,
}: {
  denial: Pick<DenialRow, 'actorName' | 'actorEmail' | 'userId'>;
}) {
  if (!denial.userId) return <Nothing label="no person" />;
  return (
    <span className="block min-w-0">
      <span className={cn('block', longText)}>{denial.actorName ?? denial.userId}</span>
      {denial.actorEmail && (
        <span className="wrap-anywhere block text-muted text-xs md:min-w-40">
          {denial.actorEmail}
        </span>
      )}
    </span>
  );
}

/** What the record of denials shows wherever it is listed. */
export const askedColumn = <Row extends DenialRow>(): Column<Row> => ({
  key: 'asked',
  header: 'What',
  primary: true,
  cell: (row) => <AskedFor denial={row} />,
});

export const personColumn = <Row extends DenialRow>(): Column<Row> => ({
  key: 'person',
  header: 'Who',
  cell: (row) => <DeniedPerson denial={row} />,
});

export const reasonColumn = <Row extends DenialRow>(): Column<Row> => ({
  key: 'reason',
  header: 'Why',
  cell: (row) => denialReasonLabel(row.reason),
});

export const timesColumn = <Row extends DenialRow>(): Column<Row> => ({
  key: 'times',
  header: 'Times',
  align: 'right',
  cell: (row) => <span data-numeric>{row.times}</span>,
});
