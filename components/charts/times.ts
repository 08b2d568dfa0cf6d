/** How long one point of a chart lasts. */
export type Step = 'minute' | 'hour' | 'day';

const format = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });

const clock = format({ hour: '2-digit', minute: '2-digit' });
const day = format({ day: 'numeric', month: 'short' });
const dayAndClock = format({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const whole = format({ day: 'numeric', month: 'short', year: 'numeric' });

/** Beneath an axis, in UTC: the hour within a day, the day within more. */
export function axisTime(at: string, step: Step, hours: number): string {
  return (step === 'day' || hours > 48 ? day : clock).format(new Date(at));
}

/** A point's time in whole, in UTC. */
export function pointTime(at: string, step: Step): string {
  return (step === 'day' ? whole : dayAndClock).format(new Date(at));
}
