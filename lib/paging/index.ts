import { z } from 'zod';
import { PublicError } from '@/lib/errors';
import { pageSize, type Slice } from './contract';

export { pageSize, refreshHeader, type Slice } from './contract';

const maxCursorLength = 1_000;

/** The values that mark where a page ended, as opaque text for a URL. */
export function encodeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** The moment in a cursor of a list that goes by time. The database has no year 0. */
export const cursorInstant = z.iso
  .datetime({ offset: true })
  .refine((instant) => !instant.startsWith('0000'));

/**
 * Read a cursor back.
 * @throws PublicError `invalid_input` when it was not made by `encodeCursor` for this list
 */
export function decodeCursor<Schema extends z.ZodType>(
  schema: Schema,
  cursor: string,
): z.output<Schema> {
  try {
    if (cursor.length > maxCursorLength) throw new RangeError('cursor too long');
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new PublicError(
      'invalid_input',
      'This cursor is not one of ours. Start from the first page.',
      {
        fields: { cursor: 'unknown cursor' },
        cause,
      },
    );
  }
}

/** Query parameter of a paged endpoint; validated where it is decoded. */
export const cursorParameter = z.string().max(maxCursorLength).optional();

/**
 * Cut rows that were fetched one beyond the page into a slice.
 *
 * Lists page by id where they can: ids are time-ordered (UUID version 7) and, unlike timestamps,
 * keep their full precision on the way through JavaScript.
 * @param rows at most `size + 1` rows
 * @param position what marks a row's place
 */
export function toSlice<Row>(
  rows: readonly Row[],
  position: (row: Row) => unknown,
  size: number = pageSize,
): Slice<Row> {
  const items = rows.slice(0, size);
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > size && last !== undefined ? encodeCursor(position(last)) : null,
  };
}
