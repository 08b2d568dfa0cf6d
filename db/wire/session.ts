import {
  NodePgDatabase,
  type NodePgQueryResultHKT,
  NodePgSession,
  NodePgTransaction,
} from 'drizzle-orm/node-postgres';
import {
  PgDialect,
  type PgPreparedQuery,
  type PgTransaction,
  type PreparedQueryConfig,
} from 'drizzle-orm/pg-core';
import type { ExtractTablesWithRelations } from 'drizzle-orm/relations';
import type { QueryResult } from 'pg';
import type { Statement } from './exchange';

/** No relational queries: a door is opened per request, and they would be rebuilt each time. */
type NoSchema = Record<string, never>;

/** What runs drizzle's statements for us: a transaction, or single statements. */
export interface Runner {
  query(statement: Statement, parameters?: readonly unknown[]): Promise<QueryResult>;
}

/** Typed Drizzle inside a transaction; `transaction` inside it is a savepoint. */
export type TypedTransaction = PgTransaction<
  NodePgQueryResultHKT,
  NoSchema,
  ExtractTablesWithRelations<NoSchema>
>;

/** Typed Drizzle whose statements stand alone. */
export type TypedStatements = Omit<NodePgDatabase<NoSchema>, 'transaction' | '$client'>;

const dialect = new PgDialect();

/** drizzle wraps errors in one whose message has all parameters: no place for secrets. */
type Unwrapped = { queryWithCache<T>(text: string, values: unknown[], run: () => T): T };

class DoorSession extends NodePgSession<NoSchema, ExtractTablesWithRelations<NoSchema>> {
  constructor(runner: Runner) {
    super(runner as never, dialect, undefined);
  }

  override prepareQuery<T extends PreparedQueryConfig = PreparedQueryConfig>(
    ...given: Parameters<NodePgSession<NoSchema, never>['prepareQuery']>
  ): PgPreparedQuery<T> {
    const prepared = super.prepareQuery<T>(...given);
    (prepared as unknown as Unwrapped).queryWithCache = (_text, _values, run) => run();
    return prepared;
  }
}

/** Drizzle over a transaction of ours. */
export function typedTransaction(runner: Runner): TypedTransaction {
  return new NodePgTransaction<NoSchema, ExtractTablesWithRelations<NoSchema>>(
    dialect,
    new DoorSession(runner),
    undefined,
  );
}

/** Drizzle over single statements. */
export function typedStatements(runner: Runner): TypedStatements {
  return new NodePgDatabase<NoSchema>(dialect, new DoorSession(runner), undefined);
}
