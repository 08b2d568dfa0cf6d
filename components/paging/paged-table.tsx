'use client';
import { Callout, LoadMore, Table, type TableProps } from '@/components/ui';
import type { useSlices } from './use-slices';

export interface PagedTableProps<Row> extends Omit<TableProps<Row>, 'rows' | 'footer'> {
  list: ReturnType<typeof useSlices<Row>>;
  /** Fewer than the list has. */
  rows?: readonly Row[];
  /** How much of it there is, in words; null where nothing more is to be asked for. */
  shown: string | null;
}

/** A list by pages as a table, with more of it, and its error. */
export function PagedTable<Row>({ list, rows, shown, ...table }: PagedTableProps<Row>) {
  return (
    <>
      <Table
        {...table}
        rows={rows ?? list.items}
        footer={
          shown !== null && (
            <LoadMore
              shown={shown}
              onMore={list.hasMore ? list.loadMore : undefined}
              loading={list.loading}
            />
          )
        }
      />
      {list.error && (
        <Callout tone="danger" role="alert" title="More could not be loaded" className="mt-4">
          {list.error.message}
        </Callout>
      )}
    </>
  );
}
