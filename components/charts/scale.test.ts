import { describe, expect, it } from 'vitest';
import { labelled, valueScale } from './scale';

describe('valueScale', () => {
  it('holds the largest value and steps by round numbers', () => {
    expect(valueScale(37)).toEqual({ most: 40, ticks: [0, 10, 20, 30, 40] });
    expect(valueScale(1_900)).toEqual({ most: 2_000, ticks: [0, 500, 1_000, 1_500, 2_000] });
  });

  it('has one whole step where nothing happened, or next to nothing', () => {
    expect(valueScale(0)).toEqual({ most: 1, ticks: [0, 1] });
    expect(valueScale(3)).toEqual({ most: 3, ticks: [0, 1, 2, 3] });
  });

  it('never has halves of what comes in wholes', () => {
    for (let most = 0; most < 500; most += 1) {
      const scale = valueScale(most);
      expect(scale.most).toBeGreaterThanOrEqual(most);
      expect(scale.ticks.every(Number.isInteger)).toBe(true);
      expect(scale.ticks.length).toBeLessThanOrEqual(5);
    }
  });

  it('goes below one where it may', () => {
    expect(valueScale(0.031, 4, 0.001)).toEqual({ most: 0.04, ticks: [0, 0.01, 0.02, 0.03, 0.04] });
  });
});

describe('labelled', () => {
  it('spreads labels evenly from the first on', () => {
    expect(labelled(24, 6)).toEqual([0, 4, 8, 12, 16, 20]);
    expect(labelled(3, 6)).toEqual([0, 1, 2]);
    expect(labelled(0, 6)).toEqual([]);
  });
});
