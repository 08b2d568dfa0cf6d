import Link from 'next/link';
import type { ReactNode } from 'react';
import { cn } from './cn';
import { TableRow } from './table-row';

export interface Column<Row> {
  key: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** The column that names the row: it carries the row's link, and heads it on a phone. */
  primary?: boolean;
  align?: 'left' | 'right';
  /** On a phone in the corner of the row, beside its name: a menu or a button without a label. */
  corner?: boolean;
  /** Hidden between 768 px and this width; a phone shows it in the stacked row all the same. */
  from?: 'lg' | 'xl';
  /** The narrowest that still shows it, as a class, e.g. `w-32`. */
  width?: string;
}

export interface TableProps<Row> {
  /** What the table lists, for screen readers. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Where a row leads. The primary cell is a real link, the rest of the row follows a press. */
  rowHref?: (row: Row) => string;
  /** In place of rows: an `EmptyState`. */
  empty?: ReactNode;
  /** Below the rows: `LoadMore`. */
  footer?: ReactNode;
  className?: string;
}

/**
 * For what may be long in a cell, e.g. a name that somebody chose: it wraps wherever it must. Cut with
 * an ellipsis it would not be cut at all, but push the columns behind it out of sight.
 */
export const longText = 'wrap-anywhere md:min-w-28';

const fromWidth = { lg: 'md:max-lg:hidden', xl: 'md:max-xl:hidden' };

/**
 * A list in columns; below 768 px each row becomes a block of labelled values. Roles are written out
 * because browsers drop them when a table is laid out as blocks. A server component: `cell` is a function.
 */
export function Table<Row>(props: TableProps<Row>) {
  const { caption, columns, rows, rowKey, rowHref, empty, footer, className } = props;
  const corner = columns.some((column) => column.corner);
  if (rows.length === 0 && empty) return <>{empty}</>;
  return (
    <div className={cn('overflow-hidden rounded-xl border bg-surface shadow-xs', className)}>
      <div className="overflow-x-auto">
        {/* biome-ignore lint/a11y/noRedundantRoles: lost when laid out as blocks */}
        <table role="table" className="w-full border-collapse text-left text-sm max-md:block">
          <caption className="sr-only">{caption}</caption>
          {/* biome-ignore lint/a11y/noRedundantRoles: lost when laid out as blocks */}
          <thead role="rowgroup" className="bg-sunken/70 max-md:sr-only">
            {/* biome-ignore lint/a11y/noRedundantRoles: lost when laid out as blocks */}
            <tr role="row">
              {columns.map((column) => (
                <th
                  key={column.key}
                  scope="col"
                  // biome-ignore lint/a11y/noRedundantRoles: lost when laid out as blocks
                  role="columnheader"
                  className={cn(
                    'h-9 whitespace-nowrap border-b px-3 font-medium text-muted text-xs first:pl-4 last:pr-4',
                    column.align === 'right' && 'text-right',
                    column.from && fromWidth[column.from],
                    column.width,
                  )}
                >
                  {column.header}
                </th>
              ))}
            </tr>
          </thead>
          {/* biome-ignore lint/a11y/noRedundantRoles: lost when laid out as blocks */}
          <tbody role="rowgroup" className="max-md:block">
            {rows.map((row) => {
              const href = rowHref?.(row);
              return (
                <TableRow key={rowKey(row)} href={href}>
                  {columns.map((column) => (
                    <Cell key={column.key} column={column} href={href} row={row} corner={corner} />
                  ))}
                </TableRow>
              );
            })}
          </tbody>
        </table>
      </div>
      {footer && <div className="border-t px-4 py-2.5">{footer}</div>}
    </div>
  );
}

interface CellProps<Row> {
  column: Column<Row>;
  row: Row;
  href?: string;
  /** Whether the row has something in its corner. */
  corner: boolean;
}

function Cell<Row>({ column, row, href, corner }: CellProps<Row>) {
  const content = column.cell(row);
  return (
    <td
      // biome-ignore lint/a11y/noRedundantRoles: lost when laid out as blocks
      role="cell"
      className={cn(
        'px-3 py-2.5 align-middle md:first:pl-4 md:last:pr-4',
        'max-md:grid max-md:grid-cols-[5.5rem_minmax(0,1fr)] max-md:gap-3 max-md:px-4 max-md:py-0.5 max-md:wrap-anywhere',
        column.primary && 'font-medium text-text max-md:block max-md:text-base',
        column.primary && corner && 'max-md:pr-14',
        column.corner && 'max-md:absolute max-md:top-2 max-md:right-2 max-md:block max-md:px-1',
        column.align === 'right' && 'md:text-right',
        column.from && fromWidth[column.from],
      )}
    >
      {!column.primary && !column.corner && (
        <span aria-hidden className="text-muted text-xs leading-5.5 md:hidden">
          {column.header}
        </span>
      )}
      {column.primary && href ? (
        <Link href={href} className="rounded-sm hover:underline">
          {content}
        </Link>
      ) : (
        <span className="block min-w-0">{content}</span>
      )}
    </td>
  );
}
