import { describe, expect, it } from 'vitest';
import { keptLongerAfter, laterRetention, limitsAt } from './retention';
import { retentionNoticeDays, withDefaults } from './tenant-contract';
import type { RetentionSaid } from './tenant-limits';

const start = Date.UTC(2026, 10, 22, 12);
const at = (days: number) => new Date(start + days * 86_400_000);
const kept = (retentionRunsDays: number) => withDefaults({ retentionRunsDays });

/** What is said after changes: the days of runs, and on which day that was said. */
function afterChanges(first: number, ...changes: readonly (readonly [number, number])[]) {
  let said: RetentionSaid = { limits: kept(first), keptLonger: [] };
  for (const [days, on] of changes) {
    said = { limits: kept(days), keptLonger: keptLongerAfter(said, kept(days), at(on)) };
  }
  return {
    said,
    on: (day: number) => limitsAt(said, at(day)).retentionRunsDays,
    later: (day: number) => laterRetention(said, at(day)).map(({ days, from }) => [days, from]),
  };
}

describe('how long runs are kept', () => {
  it('is less only when the time of notice is over', () => {
    const { on, later } = afterChanges(365, [1, 0]);
    expect(retentionNoticeDays).toBe(7);
    expect([on(0), on(6.9), on(7), on(30)]).toEqual([365, 365, 1, 1]);
    expect(later(0)).toEqual([[1, at(7).toISOString()]]);
    expect(later(7)).toEqual([]);
  });

  it('is more at once', () => {
    const { said, on, later } = afterChanges(30, [400, 0]);
    expect([on(0), later(0), said.keptLonger]).toEqual([400, [], []]);
  });

  it('is what it was when less is taken back in time', () => {
    const { said, on, later } = afterChanges(365, [1, 0], [365, 1]);
    expect([on(1), on(30), later(1), said.keptLonger]).toEqual([365, 365, [], []]);
  });

  it('is less by steps, each with its notice', () => {
    const { on, later } = afterChanges(365, [100, 0], [50, 5]);
    expect([on(6), on(7), on(11), on(12)]).toEqual([365, 100, 100, 50]);
    expect(later(5)).toEqual([
      [100, at(7).toISOString()],
      [50, at(12).toISOString()],
    ]);
  });

  it('is not less sooner by giving more in between', () => {
    const { on } = afterChanges(365, [1, 0], [400, 2], [1, 3]);
    expect([on(7), on(9.9), on(10)]).toEqual([400, 400, 1]);
  });

  it('is not less sooner by giving a little more than announced', () => {
    const { on, later } = afterChanges(365, [1, 0], [30, 2]);
    expect([on(2), on(6.9), on(7)]).toEqual([365, 365, 30]);
    expect(later(2)).toEqual([[30, at(7).toISOString()]]);
  });

  it('holds nothing on for what stays as it is', () => {
    const { said } = afterChanges(365, [1, 0], [1, 1]);
    expect(said.keptLonger).toHaveLength(1);
    expect(afterChanges(365, [1, 0], [2, 8]).said.keptLonger).toEqual([]);
  });
});
