import { ActorName, actionColumn, outcomeColumn, targetLabel } from '@/components/audit/columns';
import { Badge, type Column, Nothing, utcTimeColumn } from '@/components/ui';
import type { PlatformAuditRow } from '@/lib/platform/contract';
import { type hrefs, RequestLink, shortId, To } from './links';

type Row = PlatformAuditRow;

const people = new Set<Row['actorType']>(['member', 'staff']);

export const tenantColumn = <
  Row extends { tenantId: string; tenantName: string },
>(): Column<Row> => ({
  key: 'tenant',
  header: 'Tenant',
  cell: (row) => (
    <To to="tenant" id={row.tenantId}>
      {row.tenantName}
    </To>
  ),
});

const actor: Column<Row> = {
  key: 'actor',
  header: 'Who',
  cell: (row) =>
    row.actorId && people.has(row.actorType) ? (
      <To to="person" id={row.actorId}>
        <ActorName actor={row} />
      </To>
    ) : (
      <ActorName actor={row} />
    ),
};

/** Kinds of target that the console has a page about. */
const targets: Readonly<Record<string, keyof typeof hrefs>> = {
  run: 'run',
  tenant: 'tenant',
  connection: 'connection',
};

/** What is one wholly: a path that ends in an id is shown in full. */
const anId = /^[\da-f-]{36}$/;

const target: Column<Row> = {
  key: 'target',
  header: 'On what',
  from: 'xl',
  cell: (row) => {
    const to = targets[row.targetType];
    return (
      <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-0.5">
        <Badge>{targetLabel(row.targetType)}</Badge>
        {to ? (
          <To to={to} id={row.targetId} />
        ) : (
          <code title={row.targetId} className="wrap-anywhere text-xs md:min-w-24">
            {anId.test(row.targetId) ? shortId(row.targetId) : row.targetId}
          </code>
        )}
      </span>
    );
  },
};

const run: Column<Row> = {
  key: 'run',
  header: 'Run',
  from: 'xl',
  cell: (row) => (row.runId ? <To to="run" id={row.runId} /> : <Nothing label="no run" />),
};

const request: Column<Row> = {
  key: 'request',
  header: 'Request',
  from: 'xl',
  cell: (row) => <RequestLink id={row.requestId} />,
};

/** The record across tenants, each cell leading to what it names. */
export const eventColumns: readonly Column<Row>[] = [
  actionColumn<Row>(),
  tenantColumn<Row>(),
  actor,
  target,
  outcomeColumn<Row>(),
  run,
  request,
  utcTimeColumn<Row>(),
];

/** On the page of one tenant. */
export const eventsOfTenantColumns = eventColumns.filter(({ key }) => key !== 'tenant');

/** Where the tenant and the run go without saying. */
export const eventsOfRunColumns: readonly Column<Row>[] = [
  actionColumn<Row>(),
  actor,
  { ...target, from: 'lg' },
  outcomeColumn<Row>(),
  request,
  utcTimeColumn<Row>(),
];
