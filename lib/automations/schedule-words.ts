const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export const schedulePresets = [
  'hourly',
  'daily',
  'weekdays',
  'weekly',
  'monthly',
  'custom',
] as const;
export type SchedulePreset = (typeof schedulePresets)[number];

/** What a person picks; `custom` is whatever they write themselves. */
export interface ScheduleChoice {
  readonly preset: SchedulePreset;
  /** `HH:MM` on the 24-hour clock; of `hourly` only the minutes count. */
  readonly time: string;
  /** 0 is Sunday; of `weekly` only. */
  readonly weekday: number;
  /** Of `monthly` only; up to 28, so that every month has it. */
  readonly monthday: number;
  readonly cron: string;
}

const two = (value: number) => String(value).padStart(2, '0');

/** The cron expression of a choice. */
export function cronOf(choice: ScheduleChoice): string {
  const [hour = 0, minute = 0] = choice.time.split(':').map(Number);
  switch (choice.preset) {
    case 'hourly':
      return `${minute} * * * *`;
    case 'daily':
      return `${minute} ${hour} * * *`;
    case 'weekdays':
      return `${minute} ${hour} * * 1-5`;
    case 'weekly':
      return `${minute} ${hour} * * ${choice.weekday}`;
    case 'monthly':
      return `${minute} ${hour} ${choice.monthday} * *`;
    case 'custom':
      return choice.cron;
  }
}

/** The choice that gives this cron expression; `custom` when none of the others does. */
export function choiceOf(cron: string): ScheduleChoice {
  const base = { time: '07:00', weekday: 1, monthday: 1, cron: cron.trim() };
  const fields = /^(\d{1,2}) (\*|\d{1,2}) (\*|\d{1,2}) \* (\*|1-5|[0-6])$/.exec(base.cron);
  if (!fields) return { ...base, preset: 'custom' };
  const [, minute = '0', hour = '*', monthday = '*', weekday = '*'] = fields;
  const time = `${two(hour === '*' ? 0 : Number(hour))}:${two(Number(minute))}`;
  const at = (preset: SchedulePreset, rest: Partial<ScheduleChoice> = {}): ScheduleChoice => {
    const choice = { ...base, ...rest, preset, time };
    return cronOf(choice) === base.cron ? choice : { ...base, preset: 'custom' };
  };
  if (hour === '*') return at('hourly');
  if (monthday !== '*') {
    return Number(monthday) > 28
      ? { ...base, preset: 'custom' }
      : at('monthly', { monthday: Number(monthday) });
  }
  if (weekday === '*') return at('daily');
  return weekday === '1-5' ? at('weekdays') : at('weekly', { weekday: Number(weekday) });
}

/** A schedule in words, e.g. `Every weekday at 07:00`. */
export function scheduleWords(cron: string): string {
  const { preset, time, weekday, monthday } = choiceOf(cron);
  switch (preset) {
    case 'hourly':
      return `Every hour at ${time.slice(3)} minutes past`;
    case 'daily':
      return `Every day at ${time}`;
    case 'weekdays':
      return `Every weekday at ${time}`;
    case 'weekly':
      return `Every ${dayNames[weekday]} at ${time}`;
    case 'monthly':
      return `On day ${monthday} of every month at ${time}`;
    case 'custom':
      return `On the schedule ${cron.trim()}`;
  }
}

export const weekdayNames: readonly string[] = dayNames;
