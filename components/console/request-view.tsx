import { askedColumn, personColumn, reasonColumn } from '@/components/denials/columns';
import { type Column, utcTimeColumn } from '@/components/ui';
import type { PlatformRequest } from '@/lib/console/contract';
import type { PlatformDenialRow } from '@/lib/platform/contract';
import { callColumns } from './call-columns';
import { eventColumns, tenantColumn } from './event-columns';
import { hrefs, To } from './links';
import { Part } from './part';
import { runColumns } from './run-columns';

type Denial = PlatformDenialRow;

/** Refusals across tenants, with the person as a link. */
export const denialColumns: readonly Column<Denial>[] = [
  askedColumn<Denial>(),
  tenantColumn<Denial>(),
  {
    ...personColumn<Denial>(),
    cell: (row) =>
      row.userId ? (
        <To to="person" id={row.userId}>
          {row.actorName ?? row.userId}
        </To>
      ) : (
        'Nobody known'
      ),
  },
  reasonColumn<Denial>(),
  utcTimeColumn<Denial>(),
];

export interface RequestViewProps {
  request: PlatformRequest;
  /** Of the templates, by their keys. */
  titles: Readonly<Record<string, string>>;
}

/** All that carries one request's id, in the order in which one thing led to the next. */
export function RequestView({ request, titles }: RequestViewProps) {
  const of = encodeURIComponent(request.requestId);
  return (
    <>
      <Part
        title="Audit events"
        list={request.events}
        columns={eventColumns.filter(({ key }) => key !== 'request')}
        rowKey={({ id }) => id}
        empty="No event is on record"
        all={{ href: `/admin/audit?request=${of}`, label: 'In the audit' }}
      />
      <Part
        title="Runs"
        list={request.runs}
        columns={runColumns(titles)}
        rowKey={({ id }) => id}
        rowHref={({ id }) => hrefs.run(id)}
        empty="It began no run"
      />
      <Part
        title="Provider calls"
        list={request.calls}
        columns={callColumns}
        rowKey={({ id }) => id}
        empty="No provider was called"
      />
      <Part
        title="Refused access"
        list={request.denials}
        columns={denialColumns}
        rowKey={({ id }) => id}
        empty="Nothing was refused"
        all={{ href: `/admin/access-log?request=${of}`, label: 'In the access log' }}
      />
    </>
  );
}
