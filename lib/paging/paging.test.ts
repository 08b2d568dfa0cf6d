import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decodeCursor, encodeCursor, toSlice } from '.';

const position = z.tuple([z.uuid()]);
const id = '019aa7c4-5f5e-7a39-9d2a-3a6f0d6d7c11';

describe('a cursor', () => {
  it('comes back as it went out', () => {
    expect(decodeCursor(position, encodeCursor([id]))).toEqual([id]);
  });

  it.each([
    ['empty', ''],
    ['not base64', '%%%'],
    ['of another list', encodeCursor({ name: 'a' })],
    ['with SQL in it', encodeCursor(["' or 1=1"])],
    ['very long', 'a'.repeat(2_000)],
  ])('is refused as invalid input when it is %s', (_what, cursor) => {
    expect(() => decodeCursor(position, cursor)).toThrowError(
      expect.objectContaining({ code: 'invalid_input' }),
    );
  });
});

describe('a slice', () => {
  it('has a next cursor when one more row was found', () => {
    const slice = toSlice([1, 2, 3], (row) => row, 2);
    expect(slice.items).toEqual([1, 2]);
    expect(decodeCursor(z.number(), slice.nextCursor ?? '')).toBe(2);
  });

  it('has none when the rows just fill the page', () => {
    expect(toSlice([1, 2], (row) => row, 2).nextCursor).toBeNull();
  });
});
