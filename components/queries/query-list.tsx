import { Badge, type Column, Table } from '@/components/ui';
import type { QueryFilter, QueryRow } from '@/lib/queries/contract';
import { queriesHref } from './address';
import { countText, timeColumns } from './columns';
import { NothingRan } from './tenant-query-list';

/** Characters of a query's text that the list shows. */
const shown = 110;

function shortText({ text }: QueryRow): string {
  if (text === '') return 'Everything else, summed up';
  return text.length > shown ? `${text.slice(0, shown)}…` : text;
}

const columns: readonly Column<QueryRow>[] = [
  {
    key: 'query',
    header: 'Query',
    primary: true,
    cell: (row) => (
      <code className="block min-w-0 text-xs leading-5 wrap-anywhere md:line-clamp-2">
        {shortText(row)}
      </code>
    ),
  },
  {
    key: 'role',
    header: 'As',
    cell: (row) => (
      <span className="flex flex-wrap gap-1">
        <Badge>{row.role}</Badge>
        {row.unbound.length > 0 && <Badge tone="warning">across tenants</Badge>}
      </span>
    ),
  },
  {
    key: 'tenants',
    header: 'Tenants',
    align: 'right',
    from: 'lg',
    cell: (row) => <span data-numeric>{countText(row.tenants)}</span>,
  },
  ...timeColumns<QueryRow>(),
];

export interface QueryListProps {
  filter: QueryFilter;
  rows: readonly QueryRow[];
}

/** Queries by what they took; one opens beside the list. */
export function QueryList({ filter, rows }: QueryListProps) {
  return (
    <Table
      caption="Queries by what they took"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.fingerprint}
      rowHref={(row) => queriesHref(filter, { query: row.fingerprint })}
      empty={<NothingRan />}
    />
  );
}
