'use client';
import { RequestLink, To } from '@/components/console/links';
import { SliceTable } from '@/components/paging/slice-table';
import { Badge, type Column, EmptyState, Nothing, utcTimeColumn } from '@/components/ui';
import type { Slice } from '@/lib/paging/contract';
import { type LookFilter, type LookRow, lookLabel } from '@/lib/platform/contract';

type Row = LookRow;

/** Whose it was; several where a list showed rows of several. */
function Whose({ row: { tenants, moreTenants, erasedTenants } }: { row: Row }) {
  const rest = [
    ...(moreTenants > 0 ? [`${moreTenants.toLocaleString('en')} more`] : []),
    ...(erasedTenants > 0 ? [`${erasedTenants.toLocaleString('en')} deleted since`] : []),
  ].join(', ');
  if (tenants.length === 0 && rest === '') return <Nothing label="no tenant" />;
  return (
    <span className="break-words">
      {tenants.map(({ id, name }, at) => (
        <span key={id}>
          {at > 0 && ', '}
          <To to="tenant" id={id}>
            {name}
          </To>
        </span>
      ))}
      {rest !== '' && (
        <span className="text-muted">
          {tenants.length > 0 && ' and '}
          {rest}
        </span>
      )}
    </span>
  );
}

/** What was asked for, and how a refused one ended. */
function Asked({ row: { filter, persons, refused } }: { row: Row }) {
  const said = Object.entries(filter).map(([name, value]) => `${name}: ${value}`);
  if (persons > 0) said.push(`found ${persons} ${persons === 1 ? 'person' : 'people'}`);
  if (said.length === 0 && !refused) return <Nothing />;
  return (
    <span className="block max-w-80 break-words text-xs">
      {said.join(', ')}
      {refused && (
        <Badge tone="warning" className="ml-1">
          Refused: {refused.replaceAll('_', ' ')}
        </Badge>
      )}
    </span>
  );
}

const columns: readonly Column<Row>[] = [
  { key: 'action', header: 'What', primary: true, cell: ({ action }) => lookLabel(action) },
  {
    key: 'person',
    header: 'Who',
    cell: ({ person }) => (
      <span className="md:whitespace-nowrap">
        <To to="person" id={person.id}>
          {person.name}
        </To>
      </span>
    ),
  },
  { key: 'tenants', header: 'Whose', cell: (row) => <Whose row={row} /> },
  { key: 'asked', header: 'Asked for', cell: (row) => <Asked row={row} /> },
  {
    key: 'request',
    header: 'Request',
    from: 'xl',
    cell: ({ requestId }) => (
      <span className="whitespace-nowrap">
        <RequestLink id={requestId} />
      </span>
    ),
  },
  utcTimeColumn(),
];

export interface LookListProps {
  filter: LookFilter;
  first: Slice<Row>;
}

/** What staff looked at and did, newest first, read only. */
export function LookList({ filter, first }: LookListProps) {
  return (
    <SliceTable
      path="/api/admin/looks"
      filter={filter}
      first={first}
      caption="What staff looked at"
      columns={columns}
      rowKey={({ id }) => id}
      one="look"
      noMatch={{ title: 'No look matches these filters', href: '/admin/looks' }}
      empty={<EmptyState title="Nobody of the staff has looked at anything yet" />}
    />
  );
}
