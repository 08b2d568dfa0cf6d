import { storableText } from '@/db';

/** Largest output of one step that later steps may get, in characters of JSON. */
export const largestCarry = 1_000_000;

/**
 * A value as JSON that PostgreSQL takes: `jsonb` refuses NUL and lone surrogates, and a mail's
 * subject may hold either.
 */
export function plainJson(value: unknown): unknown {
  const text = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'string' ? storableText(item) : item,
  );
  if (text === undefined) return null;
  if (text.length > largestCarry) {
    throw new RangeError(`a step's output is larger than ${largestCarry} characters`);
  }
  return JSON.parse(text);
}

/** One line of at most `length` characters. */
export function shorten(text: string, length = 240): string {
  const line = storableText(text.replaceAll(/\s+/g, ' ')).trim();
  return line.length <= length ? line : `${storableText(line.slice(0, length - 1))}…`;
}
