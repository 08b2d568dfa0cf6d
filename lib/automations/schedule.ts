import { Cron } from 'croner';

/** Shortest time between two scheduled runs, in minutes. */
export const shortestIntervalMinutes = 5;
const maxCronLength = 120;
const minute = 60_000;

/** Five fields of numbers, names, lists, ranges, steps, `L` and `#`; nothing that depends on now. */
const allowedCron = /^[\dA-Za-z*,/#-]+(?:\s+[\dA-Za-z*,/#-]+){4}$/;

export type ScheduleField = 'cron' | 'timeZone';
export type ScheduleCheck =
  | { readonly ok: true }
  | { readonly ok: false; readonly field: ScheduleField; readonly message: string };

/** Whether this runtime knows the zone by its IANA name. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

function read(cron: string, timeZone: string): Cron {
  return new Cron(cron.trim(), { timezone: timeZone, mode: '5-part', paused: true });
}

/**
 * The next times a schedule fires, in order. A time that the clock skips in spring fires right after
 * the gap; one that it repeats in autumn fires once.
 * @param cron five fields @param timeZone IANA name @param from exclusive
 */
export function nextTimes(cron: string, timeZone: string, count: number, from: Date): Date[] {
  return read(cron, timeZone).nextRuns(count, from);
}

/** The next time after `from`, or null when there is none. */
export function nextTime(cron: string, timeZone: string, from: Date): Date | null {
  return read(cron, timeZone).nextRun(from);
}

/**
 * Whether two times of one day, or the last of a day and the first of the next, are too close. Days
 * are left out of it: a schedule that would be too frequent on two neighbouring days is refused.
 */
function tooFrequent(cron: string): boolean {
  const [minutes, hours] = cron.trim().split(/\s+/);
  const day = read(`${minutes} ${hours} * * *`, 'UTC');
  const start = Date.UTC(2026, 0, 1) - 1;
  let previous: number | undefined;
  for (
    let at = day.nextRun(new Date(start));
    at && at.getTime() < start + 86_400_000 + shortestIntervalMinutes * minute;
    at = day.nextRun(at)
  ) {
    if (previous !== undefined && at.getTime() - previous < shortestIntervalMinutes * minute) {
      return true;
    }
    previous = at.getTime();
  }
  return false;
}

const fault = (field: ScheduleField, message: string): ScheduleCheck => ({
  ok: false,
  field,
  message,
});

/** croner names the field it stumbles over; the rest of its text is for programmers. */
function explain(error: unknown): string {
  const text = error instanceof Error ? error.message : '';
  const part = /for (minute|hour|dayOfWeek|day|month)/.exec(text)?.[1];
  const names: Record<string, string> = {
    minute: 'The minute (first field) must be 0 to 59.',
    hour: 'The hour (second field) must be 0 to 23.',
    day: 'The day of the month (third field) must be 1 to 31.',
    month: 'The month (fourth field) must be 1 to 12 or a name such as JAN.',
    dayOfWeek: 'The day of the week (fifth field) must be 0 to 7 or a name such as MON.',
  };
  return (part && names[part]) || 'This is not a schedule. Try 0 7 * * 1-5 (weekdays at 7:00).';
}

/**
 * Check a schedule before it is kept.
 * @returns the field at fault and what to do about it, in plain words
 */
export function checkSchedule(cron: string, timeZone: string, now: Date): ScheduleCheck {
  if (!isTimeZone(timeZone)) {
    return fault('timeZone', 'Choose a time zone by its name, for example Europe/Berlin.');
  }
  const text = cron.trim();
  if (text === '') return fault('cron', 'Say when it should run.');
  if (text.length > maxCronLength || !allowedCron.test(text)) {
    return fault(
      'cron',
      'Write five fields with spaces between them: minute, hour, day of month, month, day of week.',
    );
  }
  try {
    if (nextTime(text, timeZone, now) === null) {
      return fault('cron', 'This schedule never fires: there is no such date.');
    }
    if (tooFrequent(text)) {
      return fault('cron', `Leave at least ${shortestIntervalMinutes} minutes between two runs.`);
    }
    return { ok: true };
  } catch (error) {
    return fault('cron', explain(error));
  }
}
