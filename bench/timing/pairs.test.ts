import { describe, expect, it } from 'vitest';
import { medianDifference, samplePairs } from './pairs';

describe('pairs', () => {
  it('are asked one of each at a time', async () => {
    const asked: string[] = [];
    const samples = await samplePairs(20, async (which) => {
      asked.push(which);
      return which === 'foreign' ? 3 : 2;
    });
    expect(samples).toHaveLength(20);
    for (let at = 0; at < asked.length; at += 2) {
      expect(asked.slice(at, at + 2).sort()).toEqual(['absent', 'foreign']);
    }
    expect(medianDifference(samples)).toBe(1);
  });

  it('are compared each with its own, so that a slow minute is not taken for a difference', () => {
    const samples = [1, 1, 1, 100, 100, 100].map((ms) => ({ foreign: ms + 0.25, absent: ms }));
    expect(medianDifference(samples)).toBeCloseTo(0.25);
  });
});
