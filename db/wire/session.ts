import type { Query } from 'drizzle-orm';
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
import { DoorPreparedQuery, type Runner, type WholeMapper } from './prepared';
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
