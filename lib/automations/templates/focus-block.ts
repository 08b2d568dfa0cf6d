import { TZDate } from '@date-fns/tz';
import { bookEvent } from '../actions/book-event';
import { type AgendaEntry, readAgenda } from '../actions/read-agenda';
import { numberField, textField, timeField, timeZoneField } from '../parameters';
import { defineTemplate } from './template';

interface BlockParameters {
  readonly from: string;
  readonly minutes: number;
  readonly timeZone: string;
}

/** Begin and end of the block on the day of `now`, in the given zone. */
export function blockOn(now: Date, { from, minutes, timeZone }: BlockParameters) {
  const [hour = 0, minute = 0] = from.split(':').map(Number);
  const day = new TZDate(+now, timeZone);
  const start = new TZDate(
    day.getFullYear(),
    day.getMonth(),
    day.getDate(),
    hour,
    minute,
    timeZone,
  );
  return {
    startsAt: new Date(+start).toISOString(),
    endsAt: new Date(+start + minutes * 60_000).toISOString(),
  };
}

/** Why the block is not booked, null when it can be. Whole-day entries such as birthdays may stay. */
export function whyNot(
  entries: readonly AgendaEntry[],
  block: ReturnType<typeof blockOn>,
  now: Date,
): string | null {
  if (block.endsAt <= now.toISOString()) return 'The time is over for today.';
  const other = entries.find(
    ({ allDay, startsAt, endsAt }) => !allDay && startsAt < block.endsAt && endsAt > block.startsAt,
  );
  return other ? `The time is taken by “${other.title}”.` : null;
}

export const focusBlock = defineTemplate({
  key: 'focus-block',
  title: 'Keep free mornings free',
  description:
    'Looks at today’s calendar and, when the time is still free, books it for focused work before somebody else does.',
  icon: 'focus',
  suggestedCron: '0 6 * * 1-5',
  parameters: {
    title: textField({ label: 'Title of the event', default: 'Focus time', maxLength: 200 }),
    from: timeField({ label: 'From', default: '09:00' }),
    minutes: numberField({ label: 'For', default: 120, min: 15, max: 480, unit: 'minutes' }),
    timeZone: timeZoneField({ label: 'Time zone' }),
  },
})
  .step({
    key: 'read',
    title: 'See what is planned today',
    action: readAgenda,
    input: ({ parameters, run }) => ({
      day: run.now.toISOString(),
      timeZone: parameters.timeZone,
      calendars: [],
    }),
  })
  .stepUnless({
    key: 'book',
    title: 'Book the time',
    action: bookEvent,
    skip: ({ parameters, earlier, run }) =>
      whyNot(earlier.read.entries, blockOn(run.now, parameters), run.now),
    input: ({ parameters, run }) => ({
      calendarId: 'primary',
      title: parameters.title,
      description: `Booked by the automation “${run.automationName}”.`,
      timeZone: parameters.timeZone,
      ...blockOn(run.now, parameters),
    }),
  })
  .summary(({ earlier, run }) => [
    { label: 'Events today', value: earlier.read.entries.length },
    { label: run.dryRun ? 'Would be booked' : 'Booked', value: earlier.book ? 'Yes' : 'No' },
  ]);
