import { defineAction } from './action';

interface Input {
  /** ISO 8601; any moment of the day. */
  readonly day: string;
  readonly timeZone: string;
  /** Ids of calendars; empty for all that are shown. */
  readonly calendars: readonly string[];
}

export interface AgendaEntry {
  readonly title: string;
  readonly calendar: string;
  /** ISO 8601. */
  readonly startsAt: string;
  readonly endsAt: string;
  readonly allDay: boolean;
  readonly location: string | null;
  readonly attendees: readonly string[];
}

/** What happens on one day in the chosen calendars, sorted by start. */
export const readAgenda = defineAction({
  key: 'calendar.read_day',
  needs: ['calendar.read'],
  changes: false,
  async run({ look }, { day, timeZone, calendars }: Input) {
    const { calendar } = await look();
    const events = await calendar.eventsOnDay(new Date(day), timeZone);
    const chosen = events.filter(
      ({ calendarId }) => calendars.length === 0 || calendars.includes(calendarId),
    );
    return {
      entries: chosen.map(
        (event): AgendaEntry => ({
          title: event.title,
          calendar: event.calendarName,
          startsAt: event.startsAt.toISOString(),
          endsAt: event.endsAt.toISOString(),
          allDay: event.allDay,
          location: event.location,
          attendees: event.attendees,
        }),
      ),
    };
  },
});
