import { describe, expect, it } from 'vitest';
import { readAhead } from './read-ahead';

const failing = new Error('page 3');

function source(pages: number, failAt = Number.POSITIVE_INFINITY) {
  const seen = { fetched: 0, closed: false };
  async function* items() {
    try {
      for (let page = 1; page <= pages; page += 1) {
        if (page === failAt) throw failing;
        seen.fetched = page;
        yield page;
      }
    } finally {
      seen.closed = true;
    }
  }
  return { seen, items: readAhead(items()) };
}

describe('reading ahead', () => {
  it('gives every item in order, one fetched in advance', async () => {
    const { seen, items } = source(4);
    const fetched: [item: number, fetched: number][] = [];
    for await (const item of items) {
      await new Promise((resolve) => setImmediate(resolve));
      fetched.push([item, seen.fetched]);
    }
    expect(fetched).toEqual([
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 4],
    ]);
  });

  it('fails where its source does, after what came before', async () => {
    const { items, seen } = source(4, 3);
    const got: number[] = [];
    const read = async () => {
      for await (const item of items) got.push(item);
    };
    await expect(read()).rejects.toBe(failing);
    expect(got).toEqual([1, 2]);
    expect(seen.closed).toBe(true);
  });

  it('closes its source when the reader stops', async () => {
    const { items, seen } = source(4);
    for await (const _ of items) break;
    expect(seen.closed).toBe(true);
  });
});
