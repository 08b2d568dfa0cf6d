/** Why a database could not be prepared. */
export type MigrationFault =
  /** Made by a newer Tenantry: going on could lose what that one wrote. */
  | 'newer_schema'
  /** A migration's text is not the one that was applied here. */
  | 'changed_migration'
  /** A serving role could bypass row security. */
  | 'unsafe_role'
  /** PostgreSQL itself is older than we support. */
  | 'old_server'
  /** No connection, or the login was refused. */
  | 'unreachable'
  /** The owner's login lacks a right it needs. */
  | 'missing_right';

/** Thrown while preparing a database; nothing has been changed by the step that failed. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';

  constructor(
    readonly fault: MigrationFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
