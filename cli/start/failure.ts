/** A start that cannot go on: the message is one paragraph that says why and what to do. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}

/** The paragraph to show for whatever went wrong. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Errors of ours say what to do; of others, the reason is all there is.
  const { cause } = error;
  return cause instanceof Error && error instanceof StartFailure
    ? `${error.message} (${cause.message})`
    : error.message;
}
