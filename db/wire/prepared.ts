import { is, Param, Placeholder, type Query } from 'drizzle-orm';
import {
  PgPreparedQuery,
  type PreparedQueryConfig,
  type SelectedFieldsOrdered,
} from 'drizzle-orm/pg-core';
import type { QueryResult } from 'pg';
import { DoorMisuseError } from '../errors';
import type { Statement } from './exchange';
import { type JoinedTables, type RowMapper, rowMapper } from './rows';

/** What runs statements: a transaction, or single ones. */
export interface Runner {
  query(statement: Statement, parameters?: readonly unknown[]): Promise<QueryResult>;
  /** In a transaction: see `Transaction.along`. */
  along?(statement: Statement, parameters: readonly unknown[]): Promise<void>;
}

/** drizzle's own mapper for relational queries. */
export type WholeMapper = (rows: unknown[][]) => unknown;

type Values = Readonly<Record<string, unknown>>;
type Fill = (values: Values) => unknown;

/** A parameter's value. @throws DoorMisuseError when there is none */
export function given(values: Values, name: string): unknown {
  if (name in values) return values[name];
  throw new DoorMisuseError(`No value was given for the parameter "${name}".`);
}

/** How a parameter gets its value: from outside, or it has it already. Worked out once per query. */
function filler(parameter: unknown): Fill | undefined {
  if (is(parameter, Placeholder)) return (values) => given(values, parameter.name);
  if (!is(parameter, Param) || !is(parameter.value, Placeholder)) return undefined;
  const { encoder, value } = parameter;
  return (values) => encoder.mapToDriverValue(given(values, value.name));
}

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
  /** Undefined when all parameters have their values already. */
  readonly #fillers: readonly (Fill | undefined)[] | undefined;
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
    const fillers = query.params.map(filler);
    this.#fillers = fillers.some((fill) => fill !== undefined) ? fillers : undefined;
    const base = { name, text: query.sql };
    this.#statement = fields || whole ? { ...base, rowMode: 'array' } : base;
  }

  override execute(values: Values = {}): Promise<T['execute']> {
    return this.run(this.#runner, values);
  }

  /** Run on another runner than the one it was built on. */
  async run(runner: Runner, values: Values): Promise<T['execute']> {
    const parameters = this.#fillers
      ? this.#fillers.map((fill, at) => (fill ? fill(values) : this.#parameters[at]))
      : this.#parameters;
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
