import { DateTime } from './date-time';
import type { Column } from './table';

/** When it was, to the second and in UTC, as filters by day and exports are. */
export const utcTimeColumn = <Row extends { readonly at: string }>(): Column<Row> => ({
  key: 'at',
  header: 'Time (UTC)',
  width: 'w-36',
  cell: ({ at }) => (
    <DateTime value={at} format="absolute" timeZone="UTC" seconds className="whitespace-nowrap" />
  ),
});
