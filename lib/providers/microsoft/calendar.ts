import { TZDate } from '@date-fns/tz';
import { addDays, format, startOfDay } from 'date-fns';
import { z } from 'zod';
import type { AgendaEvent, CalendarActions } from '../provider';
import type { Graph } from './graph';

const read = ['Calendars.Read', 'Calendars.ReadWrite'] as const;

export const calendar = z.object({
  id: z.string().min(1),
  name: z.string().nullish(),
  isDefaultCalendar: z.boolean().nullish(),
  canEdit: z.boolean().nullish(),
  hexColor: z.string().nullish(),
  owner: z.object({ address: z.string().nullish() }).nullish(),
});
export const calendarFields = 'id,name,isDefaultCalendar,canEdit,hexColor,owner';

/** Without a zone: in the one that the request named (`outlook.timezone`). */
const moment = z.object({ dateTime: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d/) });

const event = z.object({
  id: z.string().min(1),
  subject: z.string().nullish(),
  isAllDay: z.boolean().default(false),
  isCancelled: z.boolean().default(false),
  responseStatus: z.object({ response: z.string().nullish() }).nullish(),
  start: moment,
  end: moment,
  location: z.object({ displayName: z.string().nullish() }).nullish(),
  attendees: z
    .array(
      z.object({
        emailAddress: z.object({ name: z.string().nullish(), address: z.string().nullish() }),
      }),
    )
    .default([]),
  webLink: z.string().nullish(),
});
const eventFields =
  'id,subject,isAllDay,isCancelled,responseStatus,start,end,location,attendees,webLink';

const made = z.object({
  id: z.string().min(1),
  webLink: z.string().nullish(),
  createdDateTime: z.iso.datetime({ offset: true }).nullish(),
});

/** What automations call somebody's own calendar, whatever its id is there. */
const ownCalendar = 'primary';

/** An event that Microsoft says is older than this many milliseconds was made by an earlier attempt. */
const sameAttempt = 60_000;

type Event = z.output<typeof event>;
type Calendar = z.output<typeof calendar>;

const utc = ({ dateTime }: Event['start']) => new Date(`${dateTime.slice(0, 19)}Z`);
const dayOf = ({ dateTime }: Event['start']) => dateTime.slice(0, 10);

function instant(at: Event['start'], isAllDay: boolean, timeZone: string): Date {
  if (!isAllDay) return utc(at);
  const [year, month, day] = dayOf(at).split('-').map(Number) as [number, number, number];
  return new Date(+new TZDate(year, month - 1, day, timeZone));
}

function agendaEvent(entry: Event, of: Calendar, timeZone: string): AgendaEvent {
  return {
    id: entry.id,
    calendarId: of.id,
    calendarName: of.name ?? '',
    title: entry.subject || '(no title)',
    startsAt: instant(entry.start, entry.isAllDay, timeZone),
    endsAt: instant(entry.end, entry.isAllDay, timeZone),
    allDay: entry.isAllDay,
    location: entry.location?.displayName || null,
    attendees: entry.attendees
      .map(({ emailAddress: { name, address } }) => name || address || '')
      .filter(Boolean),
    link: entry.webLink ?? null,
  };
}

/** Whether it is on that day at all: a whole day is a date, whatever the zone. */
function happens(entry: Event, dayName: string): boolean {
  if (entry.isCancelled || entry.responseStatus?.response === 'declined') return false;
  return !entry.isAllDay || (dayOf(entry.start) <= dayName && dayName < dayOf(entry.end));
}

/** A moment as the clock on the wall shows it there, which is how Outlook keeps events. */
const wallClock = (at: Date, timeZone: string) => ({
  dateTime: format(new TZDate(+at, timeZone), "yyyy-MM-dd'T'HH:mm:ss"),
  timeZone,
});

/** Outlook's calendars, of one person. @param base `/me`, or what stands for one of an organisation's people */
export function microsoftCalendar(graph: Graph, base: string): CalendarActions {
  async function eventsIn(one: Calendar, begin: Date, end: Date, timeZone: string) {
    const dayName = format(new TZDate(+begin, timeZone), 'yyyy-MM-dd');
    const path = `${base}/calendars/${encodeURIComponent(one.id)}/calendarView`;
    const found: AgendaEvent[] = [];
    const pages = graph.pages(path, event, {
      query: {
        startDateTime: begin.toISOString(),
        endDateTime: end.toISOString(),
        $select: eventFields,
        $top: 100,
      },
      headers: { prefer: 'outlook.timezone="UTC", IdType="ImmutableId"' },
      takes: read,
    });
    for await (const { items } of pages) {
      for (const entry of items) {
        if (happens(entry, dayName)) found.push(agendaEvent(entry, one, timeZone));
      }
    }
    return found;
  }

  return {
    async eventsOnDay(day, timeZone) {
      const begin = startOfDay(new TZDate(+day, timeZone));
      const end = addDays(begin, 1);
      const found: AgendaEvent[] = [];
      const calendars = graph.pages(`${base}/calendars`, calendar, {
        query: { $select: calendarFields, $top: 100 },
        takes: read,
      });
      for await (const { items } of calendars) {
        for (const one of items) {
          found.push(...(await eventsIn(one, new Date(+begin), new Date(+end), timeZone)));
        }
      }
      return found.sort((a, b) => +a.startsAt - +b.startsAt || a.title.localeCompare(b.title));
    },

    async createEvent({ calendarId, id, title, description, startsAt, endsAt, timeZone }) {
      const path =
        calendarId === ownCalendar
          ? `${base}/calendar/events`
          : `${base}/calendars/${encodeURIComponent(calendarId)}/events`;
      const answer = await graph.send(path, made, {
        body: {
          subject: title,
          ...(description !== undefined && { body: { contentType: 'text', content: description } }),
          start: wallClock(startsAt, timeZone),
          end: wallClock(endsAt, timeZone),
          // Sent twice, it makes one event, and answers with it both times:
          // https://learn.microsoft.com/graph/api/resources/event
          transactionId: id,
        },
        takes: ['Calendars.ReadWrite'],
      });
      const age = answer.createdDateTime ? Date.now() - Date.parse(answer.createdDateTime) : 0;
      return { id: answer.id, link: answer.webLink ?? null, created: age < sameAttempt };
    },
  };
}
