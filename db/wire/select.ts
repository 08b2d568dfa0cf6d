import { Column, getTableColumns, SQL, type SQLChunk, StringChunk, Table } from 'drizzle-orm';
import type { PgDialect } from 'drizzle-orm/pg-core';

/** What drizzle's query builder gives its dialect. */
export type SelectConfig = Parameters<PgDialect['buildSelectQuery']>[0];

/** What drizzle's dialect has for this and keeps out of its types. */
export interface Tools {
  readonly casing: { getColumnCasing(column: Column): string };
  escapeName(name: string): string;
  buildFromTable(table: SelectConfig['table']): SQLChunk;
  buildJoins(joins: SelectConfig['joins']): SQLChunk;
}

const comma = new StringChunk(', ');
const select = new StringChunk('select ');
const from = new StringChunk(' from ');
const where = new StringChunk(' where ');
const groupBy = new StringChunk(' group by ');
const having = new StringChunk(' having ');
const orderBy = new StringChunk(' order by ');
const limit = new StringChunk(' limit ');
const offset = new StringChunk(' offset ');

/** Names of columns as they stand where only one table is asked; they do not change. */
const names = new WeakMap<Column, string>();

function nameOf(column: Column, tools: Tools): string {
  const known = names.get(column);
  if (known !== undefined) return known;
  const name = tools.escapeName(tools.casing.getColumnCasing(column));
  names.set(column, name);
  return name;
}

/** Add the columns of a selection in drizzle's order. @returns false when there is anything else in it */
function collect(fields: object, columns: Column[]): boolean {
  for (const field of Object.values(fields) as unknown[]) {
    if (field instanceof Column) columns.push(field);
    else if (field instanceof Table) collect(getTableColumns(field), columns);
    else if (!isPlain(field) || !collect(field, columns)) return false;
  }
  return true;
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === plain;
}
const plain = Object.prototype;

/** Whether a column is of one of the tables that are asked, as far as can be seen at a glance. */
function isAsked({ table }: Column, config: SelectConfig): boolean {
  return config.table === table || config.joins?.some((join) => join.table === table) === true;
}

/** The columns that are asked for, if there is nothing about a query that is left to drizzle. */
function plainColumns(config: SelectConfig): Column[] | undefined {
  const { withList, distinct, lockingClause, setOperators, fields, fieldsFlat, table } = config;
  if (withList?.length || distinct || lockingClause || setOperators.length > 0) return undefined;
  const columns: Column[] = [];
  if (fieldsFlat || !(table instanceof Table) || !collect(fields, columns)) return undefined;
  const known = columns.length > 0 && columns.every((column) => isAsked(column, config));
  return known ? columns : undefined;
}

function addList(chunks: SQLChunk[], word: StringChunk, list: readonly SQLChunk[] | undefined) {
  if (!list?.length) return;
  for (const [at, each] of list.entries()) chunks.push(at === 0 ? word : comma, each);
}

function addSelection(
  chunks: SQLChunk[],
  columns: readonly Column[],
  single: boolean,
  tools: Tools,
) {
  if (single) {
    const list = columns.map((column) => nameOf(column, tools));
    chunks.push(new StringChunk(`select ${list.join(', ')} from `));
    return;
  }
  addList(chunks, select, columns);
  chunks.push(from);
}

/**
 * A query of columns as drizzle's dialect would put it together, in a fifth of the time: that one
 * makes an object of each word and comma, and asks of each what it is.
 * @returns undefined for anything out of the ordinary, which is left to drizzle
 */
export function selectQuery(config: SelectConfig, tools: Tools): SQL | undefined {
  const columns = plainColumns(config);
  if (!columns) return undefined;
  const { joins, limit: most, offset: skipped } = config;
  const chunks: SQLChunk[] = [];
  addSelection(chunks, columns, !joins?.length, tools);
  chunks.push(tools.buildFromTable(config.table), tools.buildJoins(joins));
  if (config.where) chunks.push(where, config.where);
  addList(chunks, groupBy, config.groupBy);
  if (config.having) chunks.push(having, config.having);
  addList(chunks, orderBy, config.orderBy);
  if (typeof most === 'object' || (typeof most === 'number' && most >= 0)) chunks.push(limit, most);
  if (skipped) chunks.push(offset, skipped);
  const query = new SQL([]);
  // Given to the constructor, each of them would be asked whether it is a table.
  query.queryChunks.push(...chunks);
  return query;
}
