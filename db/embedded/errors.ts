/** What can keep the embedded PostgreSQL from starting. */
export type EmbeddedFault =
  | 'unsupported_platform'
  | 'already_running'
  | 'not_writable'
  | 'not_traversable'
  | 'foreign_owner'
  | 'newer_data'
  | 'older_data'
  | 'initialise_failed'
  | 'start_failed';

/** Thrown by the embedded server; `fault` says which, the message says what to do about it. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';

  constructor(
    readonly fault: EmbeddedFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
