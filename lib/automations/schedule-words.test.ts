import { describe, expect, it } from 'vitest';
import { choiceOf, cronOf, scheduleWords } from './schedule-words';

describe('a schedule in words', () => {
  it.each([
    ['15 * * * *', 'Every hour at 15 minutes past'],
    ['0 7 * * *', 'Every day at 07:00'],
    ['30 8 * * 1-5', 'Every weekday at 08:30'],
    ['0 9 * * 0', 'Every Sunday at 09:00'],
    ['5 6 28 * *', 'On day 28 of every month at 06:05'],
    ['0 6 31 * *', 'On the schedule 0 6 31 * *'],
    ['*/10 * * * *', 'On the schedule */10 * * * *'],
  ])('%s is “%s”', (cron, words) => {
    expect(scheduleWords(cron)).toBe(words);
  });

  it.each(['15 * * * *', '0 7 * * *', '30 8 * * 1-5', '0 9 * * 0', '5 6 28 * *', '0,30 7 * * 2'])(
    '%s comes back from its choice as it was',
    (cron) => {
      expect(cronOf(choiceOf(cron))).toBe(cron);
    },
  );
});
