import type { DatabaseError } from 'pg';

/** PostgreSQL's condition codes that callers tell apart (PostgreSQL manual, appendix A). */
export const sqlStates = {
  uniqueViolation: '23505',
  foreignKeyViolation: '23503',
  checkViolation: '23514',
  insufficientPrivilege: '42501',
  lockNotAvailable: '55P03',
  queryCanceled: '57014',
} as const;

/**
 * PostgreSQL refused a statement.
 *
 * Carries what a program needs and leaves out the values: the server's `detail` and the statement's
 * parameters may hold secrets, and errors end up in logs.
 */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  /** Five-character SQLSTATE. */
  readonly code: string;
  readonly constraint: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;

  constructor(error: DatabaseError) {
    super(error.message);
    this.code = error.code ?? 'XX000';
    this.constraint = error.constraint;
    this.table = error.table;
    this.column = error.column;
  }
}

/** No answer could be had: the connection was lost, or none was to be had in time. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
}

/** The door was used in a way that could cost a tenant its isolation; nothing was sent. */
export class DoorMisuseError extends Error {
  override readonly name = 'DoorMisuseError';
}

/** A statement of the transaction failed, its error was swallowed, and so nothing was committed. */
export class TransactionAbortedError extends Error {
  override readonly name = 'TransactionAbortedError';

  constructor() {
    super('Nothing was committed: a statement in this transaction had failed.');
  }
}

/** By name: a bundler copies this module, and each copy has a class of its own. */
function queryError(error: unknown): QueryError | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at.name === 'QueryError') return at as QueryError;
  }
  return undefined;
}

/** Did a statement fail with this SQLSTATE? */
export function hasSqlState(error: unknown, code: string): boolean {
  return queryError(error)?.code === code;
}

/** Did a unique key, or the named one, refuse the row? */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const found = queryError(error);
  if (found?.code !== sqlStates.uniqueViolation) return false;
  return constraint === undefined || found.constraint === constraint;
}
