'use client';
import { PagedTable } from '@/components/paging/paged-table';
import { shownWords } from '@/components/paging/shown-words';
import { useSlices } from '@/components/paging/use-slices';
import { ButtonLink, type Column, DateTime, EmptyState } from '@/components/ui';
import type { ReportRowView } from '@/lib/automations/contract';
import type { Slice } from '@/lib/paging/contract';

const columns: readonly Column<ReportRowView>[] = [
  { key: 'title', header: 'Report', primary: true, cell: (row) => row.title },
  { key: 'automation', header: 'Made by', cell: (row) => row.automationName },
  {
    key: 'rows',
    header: 'Rows',
    align: 'right',
    width: 'w-24',
    cell: (row) => <span data-numeric>{row.rowCount.toLocaleString('en-GB')}</span>,
  },
  {
    key: 'at',
    header: 'When',
    width: 'w-40',
    cell: (row) => <DateTime value={row.createdAt} className="whitespace-nowrap" />,
  },
];

/** Reports that runs have made, newest first. */
export function ReportList({ first }: { first: Slice<ReportRowView> }) {
  const list = useSlices<ReportRowView>({ path: '/api/reports', parameters: {}, first });
  return (
    <PagedTable
      caption="Reports"
      columns={columns}
      list={list}
      shown={shownWords(list, 'report')}
      rowKey={(row) => row.id}
      rowHref={(row) => `/reports/${row.id}`}
      empty={
        <EmptyState
          title="No reports yet"
          description="Some automations write a table, such as files shared outside. It is kept here."
          action={<ButtonLink href="/automations/new">See what can be automated</ButtonLink>}
        />
      }
    />
  );
}
