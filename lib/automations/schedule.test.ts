import { describe, expect, it } from 'vitest';
import { checkSchedule, nextTime, nextTimes } from './schedule';

const now = new Date('2026-11-21T12:00:00Z');
const iso = (times: readonly Date[]) => times.map((time) => time.toISOString());
const from = (text: string) => new Date(text);

describe('the next times', () => {
  it('are on the clock of the schedule’s own zone', () => {
    expect(iso(nextTimes('0 7 * * 1-5', 'America/New_York', 2, now))).toEqual([
      '2026-11-23T12:00:00.000Z',
      '2026-11-24T12:00:00.000Z',
    ]);
  });

  it('keep the hour on the wall when summer time begins, and skip to the end of the gap', () => {
    expect(iso(nextTimes('30 2 * * *', 'Europe/Berlin', 3, from('2026-03-27T12:00Z')))).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
  });

  it('come once when summer time ends and the hour is there twice', () => {
    expect(iso(nextTimes('30 2 * * *', 'Europe/Berlin', 3, from('2026-10-24T12:00Z')))).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
      '2026-10-27T01:30:00.000Z',
    ]);
  });

  it('of 29 February wait for a leap year', () => {
    expect(nextTime('0 0 29 2 *', 'UTC', now)?.toISOString()).toBe('2028-02-29T00:00:00.000Z');
  });

  it('never include the moment itself', () => {
    const slot = from('2026-11-23T07:00:00Z');
    expect(nextTime('0 7 * * *', 'UTC', slot)?.toISOString()).toBe('2026-11-24T07:00:00.000Z');
  });
});

describe('a schedule', () => {
  it.each([
    '0 7 * * *',
    '*/5 * * * *',
    '0,30 8-18 * * MON-FRI',
    '0 0 L * *',
    '0 9 * * 1#1',
    '59 23 * * *',
  ])('%s is taken', (cron) => {
    expect(checkSchedule(cron, 'Europe/Berlin', now)).toEqual({ ok: true });
  });

  it.each([
    ['that never fires', '0 0 30 2 *', /never fires/],
    ['every minute', '* * * * *', /5 minutes/],
    ['every four minutes', '*/4 * * * *', /5 minutes/],
    ['too close over the hour', '58,1 * * * *', /5 minutes/],
    ['too close over midnight', '0,58 0,23 1,2 * *', /5 minutes/],
    ['every minute of one hour a year', '* 3 1 1 *', /5 minutes/],
    ['with an hour that there is not', '0 25 * * *', /hour/i],
    ['with a weekday that there is not', '0 0 * * 9', /week/],
    ['in words', 'every day', /five fields/],
    ['of four fields', '0 7 * *', /five fields/],
    ['of six fields', '0 0 7 * * *', /five fields/],
    ['that depends on now', '? 7 * * *', /five fields/],
    ['that is a nickname', '@daily', /five fields/],
    ['that is very long', `0 ${'1,'.repeat(80)}1 * * *`, /five fields/],
    ['that is empty', ' ', /Say when/],
  ])('%s is refused in plain words', (_what, cron, message) => {
    expect(checkSchedule(cron, 'UTC', now)).toEqual({
      ok: false,
      field: 'cron',
      message: expect.stringMatching(message),
    });
  });

  it.each(['', 'Mars/Olympus', '+01:00', 'Europe/Berlin; drop'])(
    'with the zone %j is refused',
    (zone) => {
      expect(checkSchedule('0 7 * * *', zone, now)).toMatchObject({ ok: false, field: 'timeZone' });
    },
  );
});
