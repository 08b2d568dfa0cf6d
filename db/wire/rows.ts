import { Column, getTableName, is, SQL, Subquery } from 'drizzle-orm';
import type { SelectedFieldsOrdered } from 'drizzle-orm/pg-core';

/** Makes rows of a query's answer out of arrays of column values. */
export type RowMapper = (rows: readonly (readonly unknown[])[]) => unknown[];

/** Names of joined tables, and whether the join always finds a row. */
export type JoinedTables = Readonly<Record<string, boolean>>;

type Decode = (value: unknown) => unknown;

function decoderOf(field: SelectedFieldsOrdered[number]['field']): Decode | undefined {
  const decoder: { mapFromDriverValue: Decode } = is(field, Column)
    ? field
    : is(field, SQL)
      ? (field as unknown as { decoder: { mapFromDriverValue: Decode } }).decoder
      : is(field, Subquery)
        ? (field._.sql as unknown as { decoder: { mapFromDriverValue: Decode } }).decoder
        : (field as unknown as { sql: { decoder: { mapFromDriverValue: Decode } } }).sql.decoder;
  // Most columns take the value as it is; not calling them is worth it on a page.
  if (decoder.mapFromDriverValue === Column.prototype.mapFromDriverValue) return undefined;
  return (value) => decoder.mapFromDriverValue(value);
}

interface Cell {
  readonly path: readonly string[];
  readonly decode: Decode | undefined;
}

function flatMapper(cells: readonly Cell[]): RowMapper {
  const names = cells.map(({ path }) => path[0] as string);
  const decoders = cells.map(({ decode }) => decode);
  return (rows) =>
    rows.map((values) => {
      const row: Record<string, unknown> = {};
      for (let at = 0; at < names.length; at += 1) {
        const value = values[at];
        const decode = decoders[at];
        row[names[at] as string] = decode && value !== null ? decode(value) : value;
      }
      return row;
    });
}

/** Groups that stand for a joined row which may be missing: null when all its columns are. */
function optionalGroups(fields: SelectedFieldsOrdered, joined: JoinedTables): Set<string> {
  const tables = new Map<string, Set<string>>();
  for (const { path, field } of fields) {
    const [group] = path;
    if (path.length !== 2 || group === undefined || !is(field, Column)) continue;
    tables.set(group, (tables.get(group) ?? new Set()).add(getTableName(field.table)));
  }
  const optional = [...tables].filter(([, names]) => {
    const [only] = names;
    return names.size === 1 && only !== undefined && !joined[only];
  });
  return new Set(optional.map(([group]) => group));
}

function nestedMapper(cells: readonly Cell[], optional: ReadonlySet<string>): RowMapper {
  return (rows) =>
    rows.map((values) => {
      const row: Record<string, unknown> = {};
      const present = new Set<string>();
      for (const [at, { path, decode }] of cells.entries()) {
        const value = values[at];
        let node = row;
        for (const name of path.slice(0, -1)) {
          node[name] ??= {};
          node = node[name] as Record<string, unknown>;
        }
        node[path.at(-1) as string] = decode && value !== null ? decode(value) : value;
        if (value !== null) present.add(path[0] as string);
      }
      for (const group of optional) if (!present.has(group)) row[group] = null;
      return row;
    });
}

/**
 * Work out once how a query's rows are made, rather than for each value of each row.
 * @param joined given when tables are joined
 */
export function rowMapper(
  fields: SelectedFieldsOrdered,
  joined: JoinedTables | undefined,
): RowMapper {
  const cells = fields.map(({ path, field }): Cell => ({ path, decode: decoderOf(field) }));
  if (cells.every(({ path }) => path.length === 1)) return flatMapper(cells);
  return nestedMapper(cells, joined ? optionalGroups(fields, joined) : new Set());
}
