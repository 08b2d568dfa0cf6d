import { defineAction } from './action';
import { dayAndTimes } from './day-and-times';
import { stableId } from './stable-id';

interface Input {
  readonly calendarId: string;
  readonly title: string;
  readonly description: string;
  /** ISO 8601. */
  readonly startsAt: string;
  readonly endsAt: string;
  readonly timeZone: string;
}

/** Hexadecimal is a part of the base32hex that event ids are made of (RFC 4648 §7). */
export function eventIdOf(runId: string, stepKey: string): string {
  return stableId(runId, stepKey).replaceAll('-', '');
}

/** Put one event into a calendar, under an id of our own: a second try finds the first one's. */
export const bookEvent = defineAction({
  key: 'calendar.book',
  needs: ['calendar.write'],
  changes: true,
  async run({ run, stepKey, change }, input: Input) {
    const id = eventIdOf(run.runId, stepKey);
    await change({
      action: 'calendar.book',
      would: {
        target: input.calendarId,
        title: input.title,
        before: null,
        after: `Booked: ${dayAndTimes(input)}`,
      },
      attempt: async (client) => {
        const event = await client.calendar.createEvent({
          ...input,
          id,
          startsAt: new Date(input.startsAt),
          endsAt: new Date(input.endsAt),
        });
        return { reference: event.id };
      },
      reconcile: 'safe_to_repeat',
    });
    return { id, startsAt: input.startsAt, endsAt: input.endsAt };
  },
});
