'use client';
import type { ReactNode } from 'react';
import { ButtonLink, EmptyState, type TableProps } from '@/components/ui';
import type { Slice } from '@/lib/paging/contract';
import { PagedTable } from './paged-table';
import { shownWords } from './shown-words';
import { useSlices } from './use-slices';

export interface SliceTableProps<Row>
  extends Pick<TableProps<Row>, 'caption' | 'columns' | 'rowKey' | 'rowHref'> {
  /** Endpoint that answers a `Slice`. */
  path: string;
  /** The filters, as they stand in the URL. */
  filter: Readonly<Record<string, string | undefined>>;
  /** The first page, as the server rendered it. */
  first: Slice<Row>;
  /** What a row is, in the singular: `event`. */
  one: string;
  /** What is said where filters leave nothing, and where they are cleared. */
  noMatch: { title: string; href: string };
  /** In place of rows where nothing is filtered; the words of no match when left out. */
  empty?: ReactNode;
  /** Ask again every so many milliseconds. */
  refreshEvery?: number | false;
}

/** A list by pages: its table, what stands there when it is empty, more of it, and its error. */
export function SliceTable<Row>(props: SliceTableProps<Row>) {
  const { path, filter, first, one, noMatch, empty, refreshEvery = false, ...table } = props;
  const list = useSlices<Row>({ path, parameters: filter, first, refreshEvery });
  const filtered = Object.values(filter).some((value) => value !== undefined);
  const nothingMatches = (
    <EmptyState
      kind="no-match"
      title={noMatch.title}
      action={<ButtonLink href={noMatch.href}>Clear filters</ButtonLink>}
    />
  );
  return (
    <PagedTable
      {...table}
      list={list}
      shown={shownWords(list, one)}
      empty={filtered || !empty ? nothingMatches : empty}
    />
  );
}
