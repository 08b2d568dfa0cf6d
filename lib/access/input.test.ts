import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseInput, usableSearch } from './input';

const codeOf = (work: () => unknown) => {
  try {
    work();
    return 'done';
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('parseInput', () => {
  const schema = z.object({ q: z.string(), parameters: z.record(z.string(), z.unknown()) });
  const given = (q: string, parameters: Record<string, unknown> = {}) => ({ q, parameters });

  it('gives what the schema makes of it', () => {
    expect(parseInput(schema, given('Ünïcode 😀\n'))).toEqual(given('Ünïcode 😀\n'));
  });

  // PostgreSQL refuses these, which would be answered as a fault of ours.
  it.each([
    ['a zero byte', given('a\0')],
    ['half a character', given('\ud83d')],
    ['one deep inside', given('', { a: [{ b: 'x\0' }] })],
    ['one in a name', given('', { 'a\0': 1 })],
  ])('refuses text that cannot be kept: %s', (_name, value) => {
    expect(codeOf(() => parseInput(schema, value))).toBe('invalid_input');
  });

  it('reads what is nested deeply without running out of stack', () => {
    let deep: unknown = 'end';
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(codeOf(() => parseInput(schema, given('', { deep })))).toBe('done');
  });
});

describe('usableSearch', () => {
  it('drops parameters that no filter can mean', () => {
    const search = { q: 'a\0', kind: 'file', sort: ['x', '\0'], none: undefined };
    expect(usableSearch(search)).toEqual({ kind: 'file', none: undefined });
  });
});
