import { type ClientBase, escapeIdentifier } from 'pg';
import type { Catalogue, ForeignKey, Relation } from './catalogue';
import { type Row, satisfyChecks } from './checks';
import { type Mark, markedId, newMark } from './marks';
import { samples } from './samples';
import { markedValue, readTypes, type Types } from './values';

/** Thrown when the suite cannot make a row of a table by itself; says what to add. */
export class CannotFillError extends Error {
  override readonly name = 'CannotFillError';

  constructor(relation: Relation, why: string, column = 'column') {
    super(
      `The isolation suite cannot make a row of ${relation.id}: ${why}. Add to e2e/isolation/support/samples.ts: '${relation.id}': { ${column}: '…' },`,
    );
  }
}

/** The rows of one tenant: one of each table, and a spare one of each that others point to. */
export interface Holding {
  readonly mark: Mark;
  readonly rows: ReadonlyMap<string, Row>;
  readonly spares: ReadonlyMap<string, Row>;
}

/** `insert` with the columns given as text. */
export function insertOf(
  { sql, columns }: Relation,
  row: Row,
): { text: string; values: unknown[] } {
  const given = columns.filter(({ name }) => name in row);
  const values = given.map(({ type }, at) => `$${at + 1}::text::${type}`);
  return {
    text: `insert into ${sql} (${given.map(({ name }) => escapeIdentifier(name)).join(', ')}) values (${values.join(', ')})`,
    values: given.map(({ name }) => row[name] ?? null),
  };
}

/** Whether a tenant has one row of it at most: its settings, its state. */
export const isSingleton = ({ keys, tenantColumn }: Relation): boolean =>
  keys.some(
    ({ primary, plain, columns }) =>
      !primary && plain && columns.length === 1 && columns[0] === tenantColumn,
  );

/** Tables whose rows belong to tenants: by their tenant, their policy, or what they point to. */
export function tenantTables({ relations }: Catalogue): readonly Relation[] {
  return relations.filter(
    ({ kind, schema, rowSecurity, tenantColumn }) =>
      kind === 'table' && schema === 'public' && (rowSecurity || tenantColumn !== undefined),
  );
}

/** Tables that are filled: ours, in an order in which what is pointed to comes first. */
function inOrder({ relations }: Catalogue): readonly Relation[] {
  const waiting = relations.filter(
    ({ kind, schema, isPartition }) => kind === 'table' && schema === 'public' && !isPartition,
  );
  const done: Relation[] = [];
  while (waiting.length > 0) {
    const next = waiting.find((relation) =>
      needs(relation).every((id) => done.some((one) => one.id === id)),
    );
    if (!next)
      throw new Error(
        `Tables that need one another first: ${waiting.map(({ id }) => id).join(', ')}`,
      );
    waiting.splice(waiting.indexOf(next), 1);
    done.push(next);
  }
  return done;
}

/** Tables of which a row must be there before: by foreign keys that may not be null. */
function needs({ id, columns, foreignKeys }: Relation): readonly string[] {
  const required = (key: ForeignKey) =>
    key.columns.every((name) => columns.find((column) => column.name === name)?.notNull);
  return foreignKeys
    .filter((key) => key.target !== id && required(key))
    .map(({ target }) => target);
}

/** Makes rows of any table, from what the catalogue says of it. */
export class Filler {
  readonly catalogue: Catalogue;
  readonly #types: Types;
  readonly #client: ClientBase;
  readonly order: readonly Relation[];

  private constructor(client: ClientBase, catalogue: Catalogue, types: Types) {
    this.#client = client;
    this.catalogue = catalogue;
    this.#types = types;
    this.order = inOrder(catalogue);
  }

  /** @param client any login: it is asked for types, and whether values satisfy checks */
  static async create(client: ClientBase, catalogue: Catalogue): Promise<Filler> {
    return new Filler(client, catalogue, await readTypes(client));
  }

  /** A value for a column that has the mark in it. */
  value(relation: Relation, name: string, mark: Mark): string {
    const column = relation.columns.find((one) => one.name === name);
    const inKey = relation.keys.some(({ columns }) => columns.includes(name));
    const value = column && markedValue(this.#types, column.type, mark, inKey);
    if (value === undefined) {
      throw new CannotFillError(relation, `it has no value of type ${column?.type}`, name);
    }
    return value;
  }

  /**
   * A row that is not there yet.
   * @param parents rows that its foreign keys are to point to, by table
   * @throws CannotFillError
   */
  async newRow(relation: Relation, mark: Mark, parents: ReadonlyMap<string, Row>): Promise<Row> {
    const row: Row = {};
    const given = samples[relation.id] ?? {};
    for (const { name, writable } of relation.columns) {
      if (!writable) continue;
      if (name in given) row[name] = given[name] ?? null;
      else if (name === relation.tenantColumn) row[name] = mark.tenantId;
      else row[name] = this.value(relation, name, mark);
    }
    this.#point(relation, row, parents);
    const keys = relation.keys.flatMap(({ columns }) => columns);
    const links = relation.foreignKeys.flatMap(({ columns }) => columns);
    const fixed = new Set([...keys, ...links, ...Object.keys(given)]);
    const found = await satisfyChecks(this.#client, relation, row, fixed);
    if ('row' in found) return found.row;
    throw new CannotFillError(relation, `nothing satisfies its check ${found.unsolved}`);
  }

  #point({ columns, foreignKeys }: Relation, row: Row, parents: ReadonlyMap<string, Row>): void {
    for (const { columns: own, target, targetColumns } of foreignKeys) {
      const parent = parents.get(target);
      own.forEach((name, at) => {
        const nullable = !columns.find((column) => column.name === name)?.notNull;
        const value = parent?.[targetColumns[at] ?? ''] ?? null;
        if (value !== null || nullable) row[name] = value;
      });
    }
  }

  /**
   * Rows for one tenant in every table, written by `insert`.
   * @param shared rows of tables that belong to no tenant, made on the first call
   */
  async hold(
    mark: Mark,
    shared: Map<string, Row>,
    insert: (relation: Relation, row: Row, mark: Mark) => Promise<void>,
  ): Promise<Holding> {
    const nobody = newMark('nobody');
    const rows = new Map<string, Row>();
    const spares = new Map<string, Row>();
    const pointedTo = new Set(
      this.order.flatMap(({ foreignKeys }) => foreignKeys.map(({ target }) => target)),
    );
    for (const relation of this.order) {
      const theirs = this.#belongs(relation);
      if (!theirs && shared.has(relation.id)) continue;
      const owner = theirs ? mark : nobody;
      const row = await this.newRow(relation, owner, theirs ? rows : shared);
      await insert(relation, row, owner);
      (theirs ? rows : shared).set(relation.id, row);
      // The tenant itself is one; a second row of it would be another tenant.
      const itself =
        relation.tenantColumn !== undefined &&
        relation.keys.some(
          ({ primary, columns }) =>
            primary && columns.length === 1 && columns[0] === relation.tenantColumn,
        );
      if (!theirs || itself || !pointedTo.has(relation.id)) {
        if (theirs) spares.set(relation.id, row);
        continue;
      }
      const spare = await this.newRow(relation, mark, spares);
      await insert(relation, spare, mark);
      spares.set(relation.id, spare);
    }
    return { mark, rows, spares };
  }

  /** Whether a table's rows belong to a tenant, itself or by what they point to. */
  #belongs({ rowSecurity, tenantColumn, foreignKeys, id }: Relation): boolean {
    if (rowSecurity || tenantColumn !== undefined) return true;
    return foreignKeys.some(({ target }) => {
      const relation = this.order.find((one) => one.id === target);
      return relation !== undefined && target !== id && this.#belongs(relation);
    });
  }
}

/** An id of this tenant that no row has. */
export const unknownId = (mark: Mark): string => markedId(mark);
