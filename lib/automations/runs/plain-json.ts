/** Text that is valid Unicode and free of NUL. */
function wellFormed(text: string): string {
  return text.replaceAll('\u0000', '').replaceAll(/\p{Surrogate}/gu, '\uFFFD');
}

/** Largest output of one step that later steps may get, in characters of JSON. */
export const largestCarry = 1_000_000;

/**
 * A value as JSON that PostgreSQL takes: `jsonb` refuses NUL and lone surrogates, and a mail's
 * subject may hold either.
 */
export function plainJson(value: unknown): unknown {
  const text = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'string' ? wellFormed(item) : item,
  );
  if (text === undefined) return null;
  if (text.length > largestCarry) {
    throw new RangeError(`a step's output is larger than ${largestCarry} characters`);
  }
  return JSON.parse(text);
}

/** One line of at most `length` characters. */
export function shorten(text: string, length = 240): string {
  const line = wellFormed(text.replaceAll(/\s+/g, ' ')).trim();
  return line.length <= length ? line : `${wellFormed(line.slice(0, length - 1))}…`;
}
