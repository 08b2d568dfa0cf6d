import { describe, expect, it } from 'vitest';
import { absoluteTime, durationText, relativeTime, zoneName } from './time-format';

const now = Date.parse('2026-11-21T12:00:00Z');
const at = (seconds: number) => new Date(now + seconds * 1_000);

describe('relativeTime', () => {
  it.each([
    [0, 'just now'],
    [12, 'just now'],
    [-44, 'just now'],
    [30, 'in a moment'],
    [-90, '2 min ago'],
    [-7_200, '2 h ago'],
    [-86_400, '1 day ago'],
    [3 * 86_400, 'in 3 days'],
    [-40 * 86_400, null],
  ])('%d s from now is %j', (seconds, text) => {
    expect(relativeTime(at(seconds), now)).toBe(text);
  });
});

describe('durationText', () => {
  it.each([
    [-5, '0 ms'],
    [84, '84 ms'],
    [1_290, '1.2 s'],
    [59_999, '59 s'],
    [184_000, '3 min 04 s'],
    [7_500_000, '2 h 05 min'],
  ])('%d ms is %j', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});

describe('absoluteTime', () => {
  it('follows the time zone, over midnight too', () => {
    const late = new Date('2026-11-21T23:30:00Z');
    expect(absoluteTime(late, 'UTC')).toBe('21 Nov 2026, 23:30');
    expect(absoluteTime(late, 'Europe/Berlin')).toBe('22 Nov 2026, 00:30');
  });
});

describe('zoneName', () => {
  it.each([
    ['UTC', 'UTC'],
    ['Europe/Berlin', 'CET'],
    ['Asia/Tokyo', 'GMT+9'],
  ])('of %s is %s in winter', (zone, name) => {
    expect(zoneName(at(0), zone)).toBe(name);
  });
});
