import { Badge, type Column, DateTime, Duration, Nothing, StatusBadge } from '@/components/ui';
import type { PlatformRunRow } from '@/lib/console/contract';
import { tenantColumn } from './event-columns';
import { shortId } from './links';

type Row = PlatformRunRow;

const triggers = { manual: 'By hand', schedule: 'By its schedule', rerun: 'Run again' } as const;

export const triggerWords = ({ trigger, dryRun }: Pick<Row, 'trigger' | 'dryRun'>): string =>
  `${triggers[trigger]}${dryRun ? ', dry run' : ''}`;

/** A run's state, and whether nobody seems to be at it. */
export function RunState({ run }: { run: Pick<Row, 'state' | 'stuck'> }) {
  return (
    <span className="flex flex-wrap items-center gap-1.5">
      <StatusBadge status={run.state} />
      {run.stuck && <Badge tone="warning">Stuck</Badge>}
    </span>
  );
}

/** What a run waited before it began, and then took. */
export function RunTimes({ run }: { run: Pick<Row, 'createdAt' | 'startedAt' | 'finishedAt'> }) {
  return (
    <span data-numeric className="whitespace-nowrap">
      <Duration from={run.createdAt} to={run.startedAt ?? run.finishedAt} />
      {' + '}
      {run.startedAt ? <Duration from={run.startedAt} to={run.finishedAt} /> : <Nothing />}
    </span>
  );
}

/** Runs of all tenants. @param titles of the templates, by their keys */
export const runColumns = (titles: Readonly<Record<string, string>>): readonly Column<Row>[] => [
  {
    key: 'run',
    header: 'Run',
    primary: true,
    cell: (row) => (
      <>
        {titles[row.template] ?? row.template}
        <code className="block text-muted text-xs">{shortId(row.id)}</code>
      </>
    ),
  },
  tenantColumn<Row>(),
  { key: 'state', header: 'State', cell: (row) => <RunState run={row} /> },
  { key: 'trigger', header: 'Started', from: 'lg', cell: triggerWords },
  {
    key: 'times',
    header: 'Waited + ran',
    align: 'right',
    from: 'lg',
    cell: (row) => <RunTimes run={row} />,
  },
  {
    key: 'at',
    header: 'Asked for (UTC)',
    width: 'w-36',
    cell: (row) => (
      <DateTime
        value={row.createdAt}
        format="absolute"
        timeZone="UTC"
        seconds
        className="whitespace-nowrap"
      />
    ),
  },
];
