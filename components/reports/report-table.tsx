'use client';
import { PagedTable } from '@/components/paging/paged-table';
import { useSlices } from '@/components/paging/use-slices';
import { type Column, EmptyState } from '@/components/ui';
import type { ReportColumn, ReportLine } from '@/lib/automations/contract';
import type { Slice } from '@/lib/paging/contract';
import { ReportCell } from './report-cell';

export interface ReportTableProps {
  reportId: string;
  columns: readonly ReportColumn[];
  rowCount: number;
  first: Slice<ReportLine>;
}

const isNumber = ({ type }: ReportColumn) => type === 'number' || type === 'bytes';

/** A report's rows, by pages. */
export function ReportTable({ reportId, columns, rowCount, first }: ReportTableProps) {
  const list = useSlices<ReportLine>({
    path: `/api/reports/${reportId}/rows`,
    parameters: {},
    first,
  });
  const shown: readonly Column<ReportLine>[] = columns.map((column, index) => ({
    key: column.key,
    header: column.label,
    primary: index === 0,
    align: isNumber(column) ? 'right' : 'left',
    cell: ({ cells }) => <ReportCell column={column} value={cells[column.key] ?? null} />,
  }));
  return (
    <PagedTable
      caption="Rows of the report"
      columns={shown}
      list={list}
      shown={`${list.items.length.toLocaleString('en-GB')} of ${rowCount.toLocaleString('en-GB')} rows`}
      rowKey={(row) => String(row.position)}
      empty={
        <EmptyState
          kind="no-match"
          title="This report has no rows"
          description="The run looked, and found nothing to put into it."
        />
      }
    />
  );
}
