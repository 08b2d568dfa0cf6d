import { is, Placeholder, type Query, type SQL } from 'drizzle-orm';
import {
  NodePgDatabase,
  type NodePgQueryResultHKT,
  NodePgSession,
  NodePgTransaction,
} from 'drizzle-orm/node-postgres';
import type {
  PgPreparedQuery,
  PgTransaction,
  PreparedQueryConfig,
  SelectedFieldsOrdered,
} from 'drizzle-orm/pg-core';
import type { ExtractTablesWithRelations } from 'drizzle-orm/relations';
import { refuseCommand } from './commands';
import type { Statement } from './exchange';
import { DoorPreparedQuery, given, type Runner, type WholeMapper } from './prepared';
import { DoorDialect } from './render';

/** No relational queries: a door is opened per request, and they would be rebuilt each time. */
type NoSchema = Record<string, never>;
type NoRelations = ExtractTablesWithRelations<NoSchema>;

/** Typed Drizzle inside a transaction; `transaction` inside it is a savepoint. */
export type TypedTransaction = PgTransaction<NodePgQueryResultHKT, NoSchema, NoRelations>;

/** Typed Drizzle whose statements stand alone. */
export type TypedStatements = Omit<NodePgDatabase<NoSchema>, 'transaction' | '$client'>;

const dialect = new DoorDialect();

class DoorSession extends NodePgSession<NoSchema, NoRelations> {
  readonly #runner: Runner;

  constructor(runner: Runner) {
    super(runner as never, dialect, undefined);
    this.#runner = runner;
  }

  /** See `alongside`. */
  along(statement: Statement, parameters: readonly unknown[]): Promise<unknown> {
    const runner = this.#runner;
    return runner.along?.(statement, parameters) ?? runner.query(statement, parameters);
  }

  override prepareQuery<T extends PreparedQueryConfig = PreparedQueryConfig>(
    query: Query,
    fields: SelectedFieldsOrdered | undefined,
    name: string | undefined,
    _isResponseInArrayMode: boolean,
    whole?: WholeMapper,
  ): PgPreparedQuery<T> {
    return new DoorPreparedQuery<T>(this.#runner, query, fields, name, whole);
  }
}

/** Drizzle over a transaction of ours. */
export function typedTransaction(runner: Runner): TypedTransaction {
  return new NodePgTransaction<NoSchema, NoRelations>(dialect, new DoorSession(runner), undefined);
}

/** Drizzle over single statements. */
export function typedStatements(runner: Runner): TypedStatements {
  return new NodePgDatabase<NoSchema>(dialect, new DoorSession(runner), undefined);
}

/**
 * A statement without an answer, written down once, that travels with the transaction's next statement
 * or with its COMMIT and so costs no round trip. What it fails with, that one fails with: the
 * transaction does not come to be without it.
 * @param query with a placeholder for each value
 * @throws DoorMisuseError at first use when it does not read or write rows
 * @returns runs it in a transaction, with its values by name
 */
export function alongside<Values extends Readonly<Record<string, unknown>>>(
  query: SQL,
): (tx: TypedTransaction, values: Values) => Promise<void> {
  let written: { readonly text: string; readonly parameters: readonly Given[] } | undefined;
  return async (tx, values) => {
    written ??= writtenDown(query);
    const parameters = written.parameters.map(({ name, value }) =>
      name === undefined ? value : given(values, name),
    );
    // The session of every transaction of the doors; drizzle keeps it out of its types.
    const { session } = tx as unknown as { readonly session: DoorSession };
    await session.along({ text: written.text }, parameters);
  };
}

/** A parameter that is named, or has its value. */
interface Given {
  readonly name?: string;
  readonly value?: unknown;
}

function writtenDown(query: SQL) {
  const { sql: text, params } = dialect.sqlToQuery(query);
  refuseCommand(text);
  const parameters = params.map(
    (value): Given => (is(value, Placeholder) ? { name: value.name } : { value }),
  );
  return { text, parameters };
}
