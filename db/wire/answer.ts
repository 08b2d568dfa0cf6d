import pg, { type FieldDef, type QueryResult } from 'pg';

type Parse = (text: string) => unknown;

/** What the rows of an answer look like, and how each column's text is read. */
export interface Shape {
  readonly fields: readonly FieldDef[];
  /** Undefined where the text is the value. */
  readonly parsers: readonly (Parse | undefined)[];
}

const { builtins } = pg.types;

/**
 * Types whose text stays text: strings, ids, and what drizzle's columns read themselves (moments,
 * dates, intervals and lists of them).
 */
const textTypes = new Set<number>([
  ...[builtins.TEXT, builtins.VARCHAR, builtins.BPCHAR, builtins.UUID, builtins.INT8],
  ...[builtins.TIMESTAMPTZ, builtins.TIMESTAMP, builtins.DATE, builtins.INTERVAL, builtins.NUMERIC],
  ...[1231, 1115, 1185, 1187, 1182],
]);

function shapeOf(fields: readonly FieldDef[]): Shape {
  const parsers = fields.map(({ dataTypeID }): Parse | undefined =>
    textTypes.has(dataTypeID) ? undefined : pg.types.getTypeParser(dataTypeID, 'text'),
  );
  return { fields, parsers };
}

/** Gathers the answer to one statement. */
export class Answer {
  shape: Shape | undefined;
  readonly #asArrays: boolean;
  readonly #rows: unknown[] = [];
  #command = '';
  #count: number | null = null;

  constructor(asArrays: boolean) {
    this.#asArrays = asArrays;
  }

  describe(fields: readonly FieldDef[]): void {
    this.shape = shapeOf(fields);
  }

  /** @param values each column's text, or null; the array is kept and changed */
  add(values: (string | null)[]): void {
    const shape = this.shape;
    if (!shape) throw new Error('The server sent a row before saying what rows look like.');
    const { parsers } = shape;
    const row: unknown[] = values;
    for (let at = 0; at < parsers.length; at += 1) {
      const parse = parsers[at];
      if (parse && row[at] !== null) row[at] = parse(row[at] as string);
    }
    this.#rows.push(this.#asArrays ? row : this.#object(shape, row));
  }

  #object(shape: Shape, values: readonly unknown[]): Record<string, unknown> {
    const row: Record<string, unknown> = {};
    for (const [at, { name }] of shape.fields.entries()) row[name] = values[at];
    return row;
  }

  /** @param tag the server's command tag, such as `INSERT 0 1` or `SELECT 50` */
  complete(tag: string): void {
    const first = tag.indexOf(' ');
    this.#command = first < 0 ? tag : tag.slice(0, first);
    const count = first < 0 ? Number.NaN : Number(tag.slice(tag.lastIndexOf(' ') + 1));
    this.#count = Number.isInteger(count) ? count : null;
  }

  result(): QueryResult {
    return {
      command: this.#command,
      rowCount: this.#count,
      oid: 0,
      fields: [...(this.shape?.fields ?? [])],
      rows: this.#rows as QueryResult['rows'],
    };
  }
}
