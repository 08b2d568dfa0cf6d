import { badRequest, graphError } from '../errors';
import type { GraphCall } from './api';

/** Rows in the order of their keys, by code point. */
export function ordered<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Row[] {
  return rows
    .map((row) => [keyOf(row), row] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, row]) => row);
}

/** A page size, refused when it makes no sense and bounded to what the service gives at most. */
export function top({ query }: Pick<GraphCall, 'query'>, usual: number, most: number): number {
  const given = query.get('$top');
  if (given === null) return usual;
  const size = Number(given);
  if (!Number.isInteger(size) || size < 1 || size > most) {
    throw badRequest(
      `Invalid page size specified: '${given}'. Must be between 1 and ${most} inclusive.`,
      'Request_BadRequest',
    );
  }
  return size;
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function decodeToken<Value>(token: string): Value {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    throw badRequest('Skip token is null or invalid.', 'BadRequest');
  }
}

/** The address of the same question with another token. */
export function linkWith({ url, baseUrl }: GraphCall, name: string, token: unknown): string {
  const next = new URL(`${url.pathname}${url.search}`, baseUrl);
  for (const other of ['$skiptoken', '$deltatoken', 'token']) next.searchParams.delete(other);
  next.searchParams.set(name, encode(token));
  return next.href;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly nextLink?: string;
}

/**
 * One page of rows that are in order. The token names the last row given out, so that rows which
 * leave the listing meanwhile neither repeat nor hide others.
 * @param keyOf a row's place in the order, as text that sorts as the rows do
 */
export function page<Row>(
  call: GraphCall,
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  size: number,
): Page<Row> {
  const token = call.query.get('$skiptoken');
  const after = token === null ? null : decodeToken<{ after: string }>(token).after;
  if (after !== null && typeof after !== 'string') {
    throw graphError(400, 'BadRequest', 'Skip token is null or invalid.');
  }
  const index = after === null ? 0 : rows.findIndex((row) => keyOf(row) > after);
  const begin = index === -1 ? rows.length : index;
  const given = rows.slice(begin, begin + size);
  const last = given.at(-1);
  if (!last || begin + size >= rows.length) return { rows: given };
  return { rows: given, nextLink: linkWith(call, '$skiptoken', { after: keyOf(last) }) };
}

/** A collection as Graph answers it. */
export function collection<Row>(
  { rows, nextLink }: Page<Row>,
  resource: (row: Row) => unknown,
): Record<string, unknown> {
  return {
    '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata',
    ...(nextLink && { '@odata.nextLink': nextLink }),
    value: rows.map(resource),
  };
}

const kept = (name: string, names: readonly string[]) =>
  name.startsWith('@') || name === 'id' || names.includes(name);

function pick(value: unknown, names: readonly string[]): unknown {
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => kept(name, names)));
}

/** Keep of an answer what `$select` and `$expand` name, in each row where it is a collection. */
export function selected(answer: unknown, query: URLSearchParams): unknown {
  const select = query.get('$select');
  if (!select) return answer;
  const expanded = (query.get('$expand') ?? '').replace(/\(.*?\)/g, '');
  const names = `${select},${expanded}`.split(',').map((name) => name.trim());
  const rows = (answer as { value?: unknown } | null)?.value;
  if (!Array.isArray(rows)) return pick(answer, names);
  return { ...(answer as object), value: rows.map((row) => pick(row, names)) };
}
