const started = performance.now();

/** Seconds since the command began, for people. */
export function elapsed(since = started): string {
  return `${((performance.now() - since) / 1_000).toFixed(1)} s`;
}

export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/**
 * Do one part of the start and say so when it is done.
 * @param doing shown at once when the part takes long enough for people to wonder
 */
export async function step<Result>(
  label: string,
  work: () => Promise<Result>,
  doing?: string,
): Promise<Result> {
  const since = performance.now();
  if (doing) say(`  … ${doing}`);
  const result = await work();
  say(`  ✓ ${label.padEnd(28)} ${elapsed(since)}`);
  return result;
}

/** Say why it does not go on, where errors belong. */
export function complain(message: string): void {
  process.stderr.write(`\n  ✗ ${message}\n\n`);
}
