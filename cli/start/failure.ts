/** A start that cannot go on: the message is one paragraph that says why and what to do. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}

/** The paragraph to show for whatever went wrong: what failed, and the reason behind it. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const reason = error.cause instanceof Error ? error.cause.message : undefined;
  return reason && !error.message.includes(reason)
    ? `${error.message.trim()} (${reason})`
    : error.message.trim();
}
