import { type Column, durationText } from '@/components/ui';
import type { QueryTimes } from '@/lib/queries/contract';

const number = new Intl.NumberFormat('en-GB');

export const countText = (count: number): string => number.format(count);

/** Most statements take less than a millisecond or a few: `0.4 ms`, `84 ms`, `1.2 s`. */
export const timeText = (ms: number): string =>
  ms < 9.95 ? `${ms.toFixed(1)} ms` : durationText(ms);

const numeric = (text: string) => (
  <span data-numeric className="whitespace-nowrap">
    {text}
  </span>
);

/** How often, and how long: the same for tenants and for queries. */
export function timeColumns<Row extends QueryTimes>(): readonly Column<Row>[] {
  return [
    {
      key: 'calls',
      header: 'Calls',
      align: 'right',
      cell: (row) => numeric(countText(row.count)),
    },
    {
      key: 'total',
      header: 'In all',
      align: 'right',
      cell: (row) => numeric(timeText(row.totalMs)),
    },
    { key: 'max', header: 'Slowest', align: 'right', cell: (row) => numeric(timeText(row.maxMs)) },
    {
      key: 'p95',
      header: 'p95',
      align: 'right',
      cell: (row) => numeric(timeText(row.p95Ms)),
    },
    {
      key: 'waited',
      header: 'Waited',
      align: 'right',
      from: 'xl',
      cell: (row) => numeric(timeText(row.waitedMs)),
    },
  ];
}
