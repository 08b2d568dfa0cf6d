import { TZDate } from '@date-fns/tz';
import { addDays, format, startOfDay } from 'date-fns';
import { z } from 'zod';
import { ProviderError } from '../contract';
import type { AgendaEvent, CalendarActions, NewEvent } from '../provider';
import { call, type GoogleApis, pages } from './transport';

export const calendarEntry = z.object({
  id: z.string().min(1),
  summary: z.string().default(''),
  summaryOverride: z.string().optional(),
  description: z.string().optional(),
  timeZone: z.string().optional(),
  accessRole: z.string().optional(),
  primary: z.boolean().default(false),
  selected: z.boolean().default(false),
  backgroundColor: z.string().optional(),
});

export const calendarEntries = z.object({
  items: z.array(calendarEntry).default([]),
  nextPageToken: z.string().optional(),
});

/** The calendars of the account, page by page. */
export function calendarPages(
  { calendar }: GoogleApis,
  only: { readonly minAccessRole?: 'owner' } = {},
) {
  return pages((pageToken) =>
    call('calendar.calendarList.list', calendarEntries, () =>
      calendar.calendarList.list({ ...only, maxResults: 250, ...(pageToken && { pageToken }) }),
    ),
  );
}

const moment = z.union([
  z.object({ dateTime: z.iso.datetime({ offset: true }) }),
  z.object({ date: z.iso.date() }),
]);

const event = z.object({
  id: z.string().min(1),
  status: z.string().optional(),
  summary: z.string().default('(no title)'),
  location: z.string().optional(),
  htmlLink: z.string().optional(),
  start: moment,
  end: moment,
  attendees: z
    .array(
      z.object({
        email: z.string().optional(),
        displayName: z.string().optional(),
        self: z.boolean().optional(),
        responseStatus: z.string().optional(),
      }),
    )
    .default([]),
});

const eventList = z.object({
  items: z.array(event).default([]),
  nextPageToken: z.string().optional(),
});

const createdEvent = z.object({ id: z.string().min(1), htmlLink: z.string().optional() });

type Calendar = z.output<typeof calendarEntry>;

function instant(at: z.output<typeof moment>, timeZone: string): Date {
  if ('dateTime' in at) return new Date(at.dateTime);
  const [year, month, day] = at.date.split('-').map(Number) as [number, number, number];
  return new Date(+new TZDate(year, month - 1, day, timeZone));
}

function agendaEvent(
  entry: z.output<typeof event>,
  calendar: Calendar,
  timeZone: string,
): AgendaEvent {
  return {
    id: entry.id,
    calendarId: calendar.id,
    calendarName: calendar.summaryOverride ?? calendar.summary,
    title: entry.summary,
    startsAt: instant(entry.start, timeZone),
    endsAt: instant(entry.end, timeZone),
    allDay: 'date' in entry.start,
    location: entry.location ?? null,
    attendees: entry.attendees
      .filter((person) => !person.self)
      .map((person) => person.displayName ?? person.email ?? '')
      .filter(Boolean),
    link: entry.htmlLink ?? null,
  };
}

/** Whether it is on that day at all: Google reckons a whole day in the calendar's own zone. */
function happens(entry: z.output<typeof event>, dayName: string): boolean {
  const declined = entry.attendees.some((one) => one.self && one.responseStatus === 'declined');
  if (entry.status === 'cancelled' || declined) return false;
  if (!('date' in entry.start && 'date' in entry.end)) return true;
  return entry.start.date <= dayName && dayName < entry.end.date;
}

/** Google Calendar, for the account behind the transport. */
export function googleCalendar(apis: GoogleApis): CalendarActions {
  const { calendar } = apis;

  async function eventsIn(
    one: Calendar,
    begin: Date,
    end: Date,
    timeZone: string,
  ): Promise<AgendaEvent[]> {
    const list = (pageToken: string | undefined) =>
      call('calendar.events.list', eventList, () =>
        calendar.events.list({
          calendarId: one.id,
          timeMin: begin.toISOString(),
          timeMax: end.toISOString(),
          singleEvents: true,
          orderBy: 'startTime',
          timeZone,
          maxResults: 250,
          ...(pageToken && { pageToken }),
        }),
      );
    const dayName = format(new TZDate(+begin, timeZone), 'yyyy-MM-dd');
    const found: AgendaEvent[] = [];
    for await (const page of pages(list)) {
      for (const entry of page.items) {
        if (happens(entry, dayName)) found.push(agendaEvent(entry, one, timeZone));
      }
    }
    return found;
  }

  async function existing({ calendarId, id }: NewEvent) {
    const found = await call('calendar.events.get', createdEvent, () =>
      calendar.events.get({ calendarId, eventId: id }),
    );
    return { id: found.id, link: found.htmlLink ?? null, created: false };
  }

  return {
    async eventsOnDay(day, timeZone) {
      const begin = startOfDay(new TZDate(+day, timeZone));
      const end = addDays(begin, 1);
      const found: AgendaEvent[] = [];
      for await (const page of calendarPages(apis)) {
        for (const one of page.items.filter((entry) => entry.selected || entry.primary)) {
          found.push(...(await eventsIn(one, new Date(+begin), new Date(+end), timeZone)));
        }
      }
      return found.sort((a, b) => +a.startsAt - +b.startsAt || a.title.localeCompare(b.title));
    },

    async createEvent(newEvent) {
      const { calendarId, id, title, description, startsAt, endsAt, timeZone } = newEvent;
      const requestBody = {
        id,
        summary: title,
        ...(description !== undefined && { description }),
        start: { dateTime: startsAt.toISOString(), timeZone },
        end: { dateTime: endsAt.toISOString(), timeZone },
      };
      try {
        const made = await call(
          'calendar.events.insert',
          createdEvent,
          () => calendar.events.insert({ calendarId, requestBody }),
          'write',
        );
        return { id: made.id, link: made.htmlLink ?? null, created: true };
      } catch (error) {
        if (error instanceof ProviderError && error.kind === 'conflict') return existing(newEvent);
        throw error;
      }
    },
  };
}
