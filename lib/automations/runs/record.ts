import { redactValue } from '@/lib/observability';

/** Entries of a list, and characters of a text, that a step's record keeps. */
const mostItems = 25;
const longestText = 500;

/** The beginning of long lists and texts, with a word on what is left out. */
function bounded(value: unknown): unknown {
  if (typeof value === 'string') {
    const left = value.length - longestText;
    return left > 0 ? `${value.slice(0, longestText)}… (${left} more characters)` : value;
  }
  if (Array.isArray(value)) {
    const left = value.length - mostItems;
    const shown = value.slice(0, mostItems).map(bounded);
    return left > 0 ? [...shown, `… and ${left} more`] : shown;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, bounded(item)]));
}

/** A step's input or output as people may see it: plain JSON, without secrets, and not endless. */
export function forRecord(value: unknown): unknown {
  return redactValue(bounded(value));
}
