import { describe, expect, it } from 'vitest';
import { keyOf, parseEquality, parseMatch, parsePath, valueAt } from './expression';

describe('expressions', () => {
  it('understands a plain path and nothing else as a path', () => {
    expect(parsePath('event.data.tenantId')).toEqual(['data', 'tenantId']);
    for (const other of [
      'event',
      'data.id',
      'event.data["id"]',
      'event.data.a + 1',
      'size(event.a)',
    ])
      expect(parsePath(other)).toBeUndefined();
  });

  it('understands a match of two events whichever comes first', () => {
    const expected = { first: ['data', 'id'], later: ['data', 'target', 'id'] };
    expect(parseMatch('event.data.id == async.data.target.id')).toEqual(expected);
    expect(parseMatch('async.data.target.id == event.data.id')).toEqual(expected);
    expect(parseMatch('event.data.id == event.data.id')).toBeUndefined();
    expect(parseMatch("async.data.id == 'x'")).toBeUndefined();
  });

  it('understands a comparison with one text', () => {
    expect(parseEquality("event.data.kind == 'a b'")).toEqual({
      path: ['data', 'kind'],
      value: 'a b',
    });
    expect(parseEquality("event.data.kind != 'a'")).toBeUndefined();
  });

  it('reads own properties only', () => {
    expect(valueAt({ data: { id: 0 } }, ['data', 'id'])).toBe(0);
    expect(valueAt({ data: null }, ['data', 'id'])).toBeUndefined();
    expect(valueAt({ data: {} }, ['data', 'constructor'])).toBeUndefined();
  });

  it('makes short keys that tell values apart', () => {
    expect(keyOf('tenant-1')).toBe('tenant-1');
    const odd = [1, '1', 'a\0b', 'ab', 'x'.repeat(5_000), { a: 1 }, null, undefined].map(keyOf);
    expect(new Set(odd).size).toBe(odd.length);
    expect(odd.every((key) => key.length <= 120 && !key.includes('\0'))).toBe(true);
  });
});
