import { Badge, type Column, DateTime, durationText, Nothing, StatusBadge } from '@/components/ui';
import type {
  EngineFailureRow,
  EngineFunctionRow,
  EngineJobRow,
  EngineTenantRow,
  EngineWorkerRow,
} from '@/lib/console/contract';
import { shortId, To } from './links';

interface Counted {
  readonly waiting: number;
  readonly oldestWaitMs: number;
  readonly running: number;
  readonly failing: number;
  readonly parked: number;
}

const figure = (value: number) =>
  value === 0 ? <span className="text-faint">0</span> : <span data-numeric>{value}</span>;

const counts = <Row extends Counted>(): readonly Column<Row>[] => [
  { key: 'waiting', header: 'Waiting', align: 'right', cell: (row) => figure(row.waiting) },
  {
    key: 'age',
    header: 'Oldest',
    align: 'right',
    cell: (row) => (row.waiting > 0 ? durationText(row.oldestWaitMs) : <Nothing />),
  },
  { key: 'running', header: 'Running', align: 'right', cell: (row) => figure(row.running) },
  { key: 'failing', header: 'Failing', align: 'right', cell: (row) => figure(row.failing) },
  { key: 'parked', header: 'Parked', align: 'right', cell: (row) => figure(row.parked) },
];

interface Whose {
  readonly tenantId: string | null;
  readonly tenantName: string | null;
}

const whose = <Row extends Whose>(): Column<Row> => ({
  key: 'tenant',
  header: 'Whose',
  cell: ({ tenantId, tenantName }) =>
    tenantId ? (
      <To to="tenant" id={tenantId}>
        {tenantName ?? 'A tenant that is gone'}
      </To>
    ) : (
      <span className="text-muted">The platform’s</span>
    ),
});

export const functionColumns: readonly Column<EngineFunctionRow>[] = [
  {
    key: 'name',
    header: 'Function',
    primary: true,
    cell: (row) => row.name,
  },
  ...counts<EngineFunctionRow>(),
  {
    key: 'failed',
    header: 'Failed, 24 h',
    align: 'right',
    cell: (row) =>
      row.failedToday > 0 ? <Badge tone="danger">{row.failedToday}</Badge> : figure(0),
  },
  {
    key: 'next',
    header: 'Next by schedule',
    from: 'lg',
    cell: (row) => (row.nextAt ? <DateTime value={row.nextAt} /> : <Nothing label="no schedule" />),
  },
];

export const tenantQueueColumns: readonly Column<EngineTenantRow>[] = [
  { ...whose<EngineTenantRow>(), primary: true },
  ...counts<EngineTenantRow>(),
];

const looks = { running: 'running', failing: 'retrying', parked: 'waiting', waiting: 'queued' };

const moment = (at: string | null) => (at ? <DateTime value={at} /> : <Nothing />);

/** @param nameOf what people call a function */
export const jobColumns = (nameOf: (id: string) => string): readonly Column<EngineJobRow>[] => [
  {
    key: 'job',
    header: 'Job',
    primary: true,
    cell: (row) => (
      <>
        {nameOf(row.functionId)}
        <code title={row.id} className="block text-muted text-xs">
          {shortId(row.id)}
        </code>
      </>
    ),
  },
  whose<EngineJobRow>(),
  {
    key: 'state',
    header: 'State',
    cell: (row) => (
      <span className="flex flex-wrap items-center gap-1.5">
        <StatusBadge status={looks[row.state]} />
        {row.attempt > 0 && <span className="text-warning text-xs">attempt {row.attempt + 1}</span>}
        {row.losses > 0 && <span className="text-danger text-xs">lost {row.losses}×</span>}
      </span>
    ),
  },
  { key: 'made', header: 'Asked for', from: 'lg', cell: (row) => moment(row.createdAt) },
  { key: 'next', header: 'Due', cell: (row) => moment(row.wakeAt) },
];

export const failureColumns = (
  nameOf: (id: string) => string,
): readonly Column<EngineFailureRow>[] => [
  { key: 'job', header: 'Job', primary: true, cell: (row) => nameOf(row.functionId) },
  whose<EngineFailureRow>(),
  {
    key: 'error',
    header: 'Error',
    cell: (row) => <code className="break-words text-xs">{row.error}</code>,
  },
  { key: 'at', header: 'Ended', cell: (row) => moment(row.endedAt) },
];

export const workerColumns: readonly Column<EngineWorkerRow>[] = [
  { key: 'id', header: 'Process', primary: true, cell: (row) => <code>{row.id}</code> },
  {
    key: 'alive',
    header: 'State',
    cell: (row) => (
      <Badge tone={row.alive ? 'success' : 'danger'}>
        {row.alive ? 'At work' : 'Not heard of'}
      </Badge>
    ),
  },
  { key: 'holding', header: 'Holds', align: 'right', cell: (row) => figure(row.holding) },
  { key: 'since', header: 'Since', cell: (row) => moment(row.startedAt) },
];
