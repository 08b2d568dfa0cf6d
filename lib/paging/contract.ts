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
