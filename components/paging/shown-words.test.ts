import { expect, it } from 'vitest';
import { shownWords } from './shown-words';

it.each([
  [0, false, '0 events'],
  [1, false, '1 event'],
  [1, true, '1+ events'],
  [50, true, '50+ events'],
])('%i shown, more to come: %s', (length, hasMore, words) => {
  expect(shownWords({ items: Array.from({ length }), hasMore }, 'event')).toBe(words);
});
