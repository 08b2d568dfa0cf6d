import { invalid } from './errors';

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly nextPageToken?: string;
}

/**
 * One page of rows that are already in order. The token names the last row given out and the
 * question it belongs to: rows that leave the listing meanwhile neither repeat nor hide others, and
 * a token with another question is refused, as Google does.
 * @param question everything that the listing depends on
 * @param keyOf a row's place in the order, as text that sorts as the rows do
 */
export function page<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  size: number,
  token: string | null,
  question: string,
): Page<Row> {
  const after = token === null ? null : readToken(token, question);
  const begin = after === null ? 0 : firstAfter(rows, keyOf, after);
  const given = rows.slice(begin, begin + size);
  const last = given.at(-1);
  if (!last || begin + size >= rows.length) return { rows: given };
  const next = JSON.stringify([keyOf(last), question]);
  return { rows: given, nextPageToken: Buffer.from(next).toString('base64url') };
}

function readToken(token: string, question: string): string {
  try {
    const [key, asked] = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (typeof key === 'string' && asked === question) return key;
  } catch {
    // Not one of ours: refused below like any other.
  }
  throw invalid('Invalid page token', 'pageToken');
}

function firstAfter<Row>(rows: readonly Row[], keyOf: (row: Row) => string, key: string): number {
  const index = rows.findIndex((row) => keyOf(row) > key);
  return index === -1 ? rows.length : index;
}

/** A page size parameter within bounds; Google clamps what is too large. */
export function pageSize(value: string | null, usual: number, most: number): number {
  if (value === null) return usual;
  const size = Number(value);
  if (!Number.isInteger(size) || size < 1) throw invalid(`Invalid value: ${value}`, 'maxResults');
  return Math.min(size, most);
}

/** Rows in the order of their keys, by code point. */
export function ordered<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Row[] {
  return rows
    .map((row) => [keyOf(row), row] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, row]) => row);
}
