import { z } from 'zod';

/** One page of a list, as endpoints answer it. */
export interface Slice<Item> {
  readonly items: readonly Item[];
  /** Opaque; hand it back to get the next page. Null at the end. */
  readonly nextCursor: string | null;
}

/** Rows on a page unless asked otherwise. */
export const pageSize = 50;

/** Sent when an open list asks anew for what it shows, by its own timer. A hint: anybody can send it. */
export const refreshHeader = 'x-refresh';

/**
 * A day in the filter of a list, as it stands in the URL; an unusable one is dropped. The database has
 * no year 0, and what lies after the last day of year 9999 cannot be written in four digits.
 */
export const filterDay = z.iso
  .date()
  .refine((day) => day >= '0001-01-01' && day < '9999-12-31')
  .optional()
  .catch(undefined);
