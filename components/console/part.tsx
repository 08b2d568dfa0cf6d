import type { ReactNode } from 'react';
import { ButtonLink, type Column, EmptyState, Table } from '@/components/ui';
import type { Beginning } from '@/lib/console/contract';

export interface PartProps<Row> {
  title: string;
  list: Beginning<Row>;
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  rowHref?: (row: Row) => string;
  /** Said in place of rows. */
  empty: string;
  /** Where all of it stands, when this is the beginning. */
  all?: { href: string; label: string };
  note?: ReactNode;
}

/** One list of several on a page: its heading with how much there is, its rows, and the way to the rest. */
export function Part<Row>(props: PartProps<Row>) {
  const { title, list, columns, rowKey, rowHref, empty, all, note } = props;
  const count = `${list.items.length}${list.more ? '+' : ''}`;
  return (
    <section className="mt-8">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-semibold text-base">
          {title} <span className="font-normal text-muted">{count}</span>
        </h2>
        {all && list.items.length > 0 && (
          <ButtonLink size="sm" href={all.href}>
            {all.label}
          </ButtonLink>
        )}
      </div>
      {note}
      <Table
        caption={title}
        columns={columns}
        rows={list.items}
        rowKey={rowKey}
        rowHref={rowHref}
        empty={<EmptyState title={empty} />}
      />
    </section>
  );
}
