import { describe, expect, it } from 'vitest';
import { idsIn } from './asked';

const id = '01a1ffef-5363-74d7-9c55-ae4bf099f0cd';

describe('the ids in what was sent', () => {
  it('are found by their form, under the names of their fields', () => {
    expect(
      idsIn({ runId: id, key: id.toUpperCase(), note: `see ${id}`, filter: { actor: id } }),
    ).toEqual({
      runId: id,
      key: id,
      'filter.actor': id,
    });
  });

  it('are all that is kept of it', () => {
    expect(idsIn({ password: 'secret', token: 'x'.repeat(36), '<script>': id })).toEqual({});
    expect(idsIn(undefined)).toEqual({});
    expect(idsIn(['text', 7, null])).toEqual({});
  });

  it('are few, and looked for among few, whatever is sent', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`id${n}`, id]));
    expect(Object.keys(idsIn(many))).toHaveLength(16);
    const wide = Array.from({ length: 100_000 }, () => ({ a: [] }));
    expect(idsIn({ wide, late: id })).toEqual({ late: id });
    let deep: unknown = { id };
    for (let level = 0; level < 100_000; level += 1) deep = { deep };
    expect(idsIn(deep)).toEqual({});
  });
});
