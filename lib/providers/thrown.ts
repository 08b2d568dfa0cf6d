/** The parts of a thing that nothing is known of; none of what is no object. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
}

/** An error and what caused it, outermost first; eight at most. */
export function causes(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let at = error; at instanceof Error && chain.length < 8; at = at.cause) chain.push(at);
  return chain;
}

/** A failure below HTTP: no connection, a connection cut, or no answer in time. */
export function networkCode(chain: readonly unknown[]): string | null {
  for (const error of [...chain].reverse()) {
    const { code, name } = record(error);
    if (name === 'TimeoutError') return name;
    if (typeof code === 'string' && /^(E[A-Z]+|UND_ERR_\w+)$/.test(code)) return code;
  }
  // As `fetch` words it; any other TypeError is a bug of ours.
  const lost = (error: unknown) =>
    error instanceof TypeError && /^(fetch failed|terminated)/.test(error.message);
  return chain.some(lost) ? 'network' : null;
}
