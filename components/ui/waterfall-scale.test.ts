import { describe, expect, it } from 'vitest';
import { barOf, scaleOf, type WaterfallSpan } from './waterfall-scale';

function span(times: Partial<WaterfallSpan>): WaterfallSpan {
  return {
    id: 's',
    label: 's',
    status: 'running',
    queuedAt: 0,
    startedAt: null,
    finishedAt: null,
    ...times,
  };
}

describe('waterfall scale', () => {
  it('reaches from the first wait to the last end', () => {
    const scale = scaleOf(
      [
        span({ queuedAt: 100, startedAt: 200, finishedAt: 900 }),
        span({ queuedAt: 50, finishedAt: 60 }),
      ],
      0,
    );
    expect([scale.from, scale.to]).toEqual([50, 900]);
  });

  it('draws what has no end yet up to now', () => {
    const open = span({ queuedAt: 0, startedAt: 500 });
    expect(barOf(open, scaleOf([open], 1_000), 1_000)).toEqual({
      waitFrom: 0,
      waitTo: 0.5,
      runFrom: 0.5,
      runTo: 1,
    });
  });

  it('shows what has not started as waiting only', () => {
    const waiting = span({ queuedAt: 0 });
    expect(barOf(waiting, scaleOf([waiting], 400), 400)).toMatchObject({
      waitTo: 1,
      runFrom: 1,
      runTo: 1,
    });
  });

  it('stays within bounds when a clock runs behind', () => {
    const odd = span({ queuedAt: 1_000, startedAt: 900, finishedAt: 950 });
    const bar = barOf(odd, scaleOf([odd], 0), 0);
    for (const share of Object.values(bar)) expect(share).toBeGreaterThanOrEqual(0);
    for (const share of Object.values(bar)) expect(share).toBeLessThanOrEqual(1);
  });

  it('has two to six ticks at any length', () => {
    for (const length of [3, 90, 4_000, 61_000, 7_200_000, 300_000_000]) {
      const { ticks } = scaleOf([span({ startedAt: 0, finishedAt: length })], 0);
      expect(ticks.length, `${length} ms`).toBeGreaterThanOrEqual(2);
      expect(ticks.length, `${length} ms`).toBeLessThanOrEqual(6);
    }
  });
});
