import { Badge, type Column, durationText, Nothing, utcTimeColumn } from '@/components/ui';
import type { PlatformCallRow } from '@/lib/console/contract';
import { To } from './links';

type Row = PlatformCallRow;

const call: Column<Row> = {
  key: 'call',
  header: 'Call',
  primary: true,
  cell: ({ method, host, attempt }) => (
    <span className="flex min-w-0 flex-wrap items-center gap-x-2">
      <code className="break-all text-xs">
        <span className="text-muted">{method}</span> {host ?? 'host not kept'}
      </code>
      {attempt > 1 && <span className="text-faint text-xs">attempt {attempt}</span>}
    </span>
  ),
};

const answer: Column<Row> = {
  key: 'answer',
  header: 'Answer',
  width: 'w-28',
  cell: ({ status }) => (
    <Badge tone={status !== null && status < 400 ? 'success' : 'danger'}>
      {status ?? 'No answer'}
    </Badge>
  ),
};

const took: Column<Row> = {
  key: 'took',
  header: 'Took',
  align: 'right',
  width: 'w-20',
  cell: ({ durationMs }) => <span data-numeric>{durationText(durationMs)}</span>,
};

const when = utcTimeColumn<Row>();

/** Calls of a run; `stepOf` says which step each was for. */
export const callsOfRunColumns = (stepOf: (id: string) => string): readonly Column<Row>[] => [
  call,
  {
    key: 'step',
    header: 'Step',
    cell: ({ stepId }) => (stepId ? stepOf(stepId) : <Nothing label="no step" />),
  },
  answer,
  took,
  when,
];

/** Calls of a request, with the run and the connection that each was for. */
export const callColumns: readonly Column<Row>[] = [
  call,
  {
    key: 'run',
    header: 'Run',
    cell: ({ runId }) => (runId ? <To to="run" id={runId} /> : <Nothing label="no run" />),
  },
  {
    key: 'connection',
    header: 'Connection',
    from: 'lg',
    cell: ({ connectionId }) => <To to="connection" id={connectionId} />,
  },
  answer,
  took,
  when,
];
