/** Why the record cannot be sealed, signed or read, in terms an operator can act on. */
export type RecordFault =
  | 'key_malformed'
  | 'key_exposed'
  /** Checkpoints were signed with a key that is not here. */
  | 'key_strange'
  | 'note_malformed'
  /** Two processes would have made two trees of one: the later one gave way. */
  | 'tree_moved'
  | 'not_published';

/** Something is wrong with the record's keys or its sealing. Holds no secret: it may be logged. */
export class RecordError extends Error {
  override readonly name = 'RecordError';

  constructor(
    readonly fault: RecordFault,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
  }
}
