import { describe, expect, it } from 'vitest';
import { interleaved, median, quantile, ratio, slice } from './measure';
import { pageOf, reportOf } from './write';

describe('measuring', () => {
  it('takes the middle, and the share below', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(quantile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.95)).toBe(10);
  });

  it('compares times of the same round', () => {
    expect(ratio([2, 40, 3], [1, 20, 1])).toBe(2);
  });

  it('runs all slices in every round, in turns, and does not count the first rounds', async () => {
    const order: string[] = [];
    const named = (name: string) => async () => order.push(name);
    const times = await interleaved([named('a'), named('b')], 2);
    expect(order.join('')).toBe('abbaabba');
    expect(times.map((list) => list.length)).toEqual([2, 2]);
  });

  it('does as many operations as a slice has, by as many clients', async () => {
    const seen = new Set<number>();
    let at = 0;
    let most = 0;
    await slice(10, 3, async (number) => {
      at += 1;
      most = Math.max(most, at);
      await Promise.resolve();
      seen.add(number);
      at -= 1;
    })();
    expect(seen.size).toBe(10);
    expect(most).toBe(3);
  });
});

describe('the report of a run', () => {
  const figures = [
    {
      bench: 'door',
      name: 'point read, 1 client: door',
      value: 1.05,
      unit: '×',
      goal: { atMost: 1.15 },
    },
    {
      bench: 'door',
      name: 'point read, 16 clients: door',
      value: 1.3,
      unit: '×',
      goal: { atMost: 1.15 },
    },
    { bench: 'door', name: 'point read, 1 client: another', value: 9, unit: '×' },
  ];
  const now = new Date(0);
  const report = reportOf({
    startedAt: now,
    finishedAt: now,
    loadBefore: 0.5,
    loadAfter: 1.5,
    quick: false,
    figures,
  });

  it('counts the goals that hold, by what they are about', () => {
    expect(report).toMatchObject({
      kind: 'bench',
      passed: 1,
      failed: 1,
      classes: [{ name: 'point read', cases: 2, held: 1 }],
    });
  });

  it('says on its page what was missed', () => {
    expect(pageOf(report)).toContain(
      '| point read, 16 clients: door | 1.3 × | ≤ 1.15 × | **missed** |',
    );
    expect(pageOf(report)).toContain('1 of 2 goals hold');
  });
});
