import { expect, it } from 'vitest';
import { dayAndTimes } from './day-and-times';

it('is told on the wall of its own zone', () => {
  const words = dayAndTimes({
    startsAt: '2026-11-21T17:00:00.000Z',
    endsAt: '2026-11-21T19:00:00.000Z',
    timeZone: 'America/Los_Angeles',
  });
  expect(words).toMatch(/^Sat,? 21 Nov, 09:00–11:00 \(America\/Los_Angeles\)$/);
});
