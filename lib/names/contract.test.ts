import { describe, expect, it } from 'vitest';
import { typedName } from './contract';

const name = typedName({ min: 1, max: 20 }, 'Give it a name.');
const messages = (value: unknown) =>
  name.safeParse(value).error?.issues.map(({ message }) => message) ?? [];

describe('a name that somebody types', () => {
  it.each(['Acme', 'Ünïcode & Søn', '東京支社', '¿Qué? – 100 %', '🚀 launch'])(
    'may be %s',
    (typed) => {
      expect(name.parse(` ${typed} `)).toBe(typed);
    },
  );

  it.each([
    ['a line break', 'Acme\nBcc: eve'],
    ['a tab', 'Ac\tme'],
    ['a NUL', 'Ac\0me'],
    ['an escape', 'Ac\u001b[31mme'],
    ['a bidirectional override', 'Acme\u202eexe.fdp'],
    ['an isolate', 'Acme\u2067'],
    ['a sign without width', 'Ac\u200bme'],
    ['a line separator', 'Ac\u2028me'],
    ['a paragraph separator', 'Ac\u2029me'],
  ])('has no %s in it', (_what, typed) => {
    expect(messages(`${typed}!`)).toEqual(['Use letters, digits and ordinary signs only.']);
  });

  it('has a length, without the spaces around it', () => {
    expect(messages('   ')).toEqual(['Give it a name.']);
    expect(messages(undefined)).toEqual(['Give it a name.']);
    expect(messages('a'.repeat(21))).toEqual(['Use at most 20 characters.']);
  });
});
