import { describe, expect, it } from 'vitest';
import { backoffMs, durationMs, retryAfterMs, sleepEnd } from './duration';

describe('a length of time', () => {
  it.each([
    ['1s', 1_000],
    ['2h30m10s', 9_010_000],
    ['1w1d', 691_200_000],
    ['', 0],
  ])('%s is %d ms', (text, expected) => expect(durationMs(text)).toBe(expected));

  it.each(['soon', '1', '1y', '-1s', '1s '])('%s is none', (text) => {
    expect(durationMs(text)).toBeUndefined();
  });
});

describe('the end of a sleep', () => {
  it('is a length of time from now, or a moment', () => {
    expect(sleepEnd('5s', 1_000)).toBe(6_000);
    expect(sleepEnd('2026-01-01T00:00:00.000Z', 0)).toBe(Date.UTC(2026, 0, 1));
    expect(sleepEnd('whenever', 0)).toBeUndefined();
  });
});

describe('a refusal that says when to come back', () => {
  it('speaks in seconds or gives the moment', () => {
    expect(retryAfterMs('30', 0)).toBe(30_000);
    expect(retryAfterMs('1970-01-01T00:00:05Z', 2_000)).toBe(3_000);
    expect(retryAfterMs('1970-01-01T00:00:01Z', 2_000)).toBe(0);
    expect(retryAfterMs('later', 0)).toBeUndefined();
  });
});

describe('the wait between attempts', () => {
  it('doubles from 2 s up to 10 min', () => {
    const waits = [1, 2, 3, 9, 10, 20].map((failures) => backoffMs(failures, () => 0.5));
    expect(waits).toEqual([2_000, 4_000, 8_000, 512_000, 600_000, 600_000]);
  });

  it('varies by a tenth either way', () => {
    expect(backoffMs(1, () => 0)).toBe(1_800);
    expect(backoffMs(1, () => 1)).toBe(2_200);
  });
});
