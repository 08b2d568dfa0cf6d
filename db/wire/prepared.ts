import { fillPlaceholders, is, Param, Placeholder, type Query } from 'drizzle-orm';
import {
  PgPreparedQuery,
  type PreparedQueryConfig,
  type SelectedFieldsOrdered,
} from 'drizzle-orm/pg-core';
import type { QueryResult } from 'pg';
import type { Statement } from './exchange';
import { type JoinedTables, type RowMapper, rowMapper } from './rows';

/** What runs statements: a transaction, or single ones. */
export interface Runner {
  query(statement: Statement, parameters?: readonly unknown[]): Promise<QueryResult>;
}

/** drizzle's own mapper for relational queries. */
export type WholeMapper = (rows: unknown[][]) => unknown;

const isPlaceholder = (parameter: unknown): boolean =>
  is(parameter, Placeholder) || (is(parameter, Param) && is(parameter.value, Placeholder));

/**
 * A query that drizzle has built, run our way. drizzle's own would wrap an error in one whose message
 * holds all parameters, and works out anew for each value of each row how to read it.
 */
export class DoorPreparedQuery<
  T extends PreparedQueryConfig = PreparedQueryConfig,
> extends PgPreparedQuery<T> {
  /** Set by drizzle's query builder after construction. */
  joinsNotNullableMap: JoinedTables | undefined;
  readonly #runner: Runner;
  readonly #statement: Statement;
  readonly #parameters: unknown[];
  readonly #open: boolean;
  readonly #fields: SelectedFieldsOrdered | undefined;
  readonly #whole: WholeMapper | undefined;
  #mapper: RowMapper | undefined;

  constructor(
    runner: Runner,
    query: Query,
    fields: SelectedFieldsOrdered | undefined,
    name: string | undefined,
    whole: WholeMapper | undefined,
  ) {
    super(query, undefined, undefined);
    this.#runner = runner;
    this.#fields = fields;
    this.#whole = whole;
    this.#parameters = query.params;
    this.#open = query.params.some(isPlaceholder);
    const base = { name, text: query.sql };
    this.#statement = fields || whole ? { ...base, rowMode: 'array' } : base;
  }

  override execute(values: Record<string, unknown> = {}): Promise<T['execute']> {
    return this.run(this.#runner, values);
  }

  /** Run on another runner than the one it was built on. */
  async run(runner: Runner, values: Record<string, unknown>): Promise<T['execute']> {
    const parameters = this.#open ? fillPlaceholders(this.#parameters, values) : this.#parameters;
    const result = await runner.query(this.#statement, parameters);
    if (this.#whole) return this.#whole(result.rows);
    if (!this.#fields) return result;
    this.#mapper ??= rowMapper(this.#fields, this.joinsNotNullableMap);
    return this.#mapper(result.rows);
  }

  /** Is this parameter bound from outside? */
  binds(name: string): boolean {
    return this.#parameters.some((parameter) => {
      const value = is(parameter, Param) ? parameter.value : parameter;
      return is(value, Placeholder) && value.name === name;
    });
  }
}
