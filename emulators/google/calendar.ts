import { randomBytes } from 'node:crypto';
import { TZDate } from '@date-fns/tz';
import { format } from 'date-fns/format';
import { z } from 'zod';
import { type ApiCall, type App, apiRoutes } from './api';
import { conflict, googleErrorBody, invalid, notFound, Refused } from './errors';
import { ordered, page, pageSize } from './paging';
import { accepted } from './scopes';
import type { Account, Calendar, CalendarEvent, EventTime } from './state';
import type { Store } from './store';

function calendarOf({ store, account, params }: ApiCall): Calendar {
  const id = params.calendarId ?? '';
  const calendars = store.all('calendars', account.email);
  const found = calendars.find((one) => (id === 'primary' ? one.primary : one.id === id));
  if (!found) throw notFound('Not Found');
  return found;
}

function zone(name: string | null, fallback: string): string {
  if (name === null) return fallback;
  if (Number.isNaN(new TZDate(0, name).getTime())) throw invalid('Invalid Value', 'timeZone');
  return name;
}

/** Midnight of a day in a zone, in milliseconds since the epoch. */
function midnight(date: string, timeZone: string): number {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  return +new TZDate(year, month - 1, day, timeZone);
}

function instant(time: EventTime, timeZone: string): number {
  return 'at' in time ? time.at : midnight(time.date, timeZone);
}

function timeResource(time: EventTime, timeZone: string) {
  if ('date' in time) return { date: time.date };
  const local = new TZDate(time.at, timeZone);
  return { dateTime: format(local, "yyyy-MM-dd'T'HH:mm:ssXXX"), timeZone };
}

function eventResource(
  account: Account,
  calendar: Calendar,
  event: CalendarEvent,
  timeZone: string,
) {
  const { id, status, summary, description, location, organizer, createdAt } = event;
  const eid = Buffer.from(`${id} ${calendar.id}`).toString('base64url');
  return {
    kind: 'calendar#event',
    etag: `"${createdAt}"`,
    id,
    status,
    htmlLink: `https://www.google.com/calendar/event?eid=${eid}`,
    created: new Date(createdAt).toISOString(),
    updated: new Date(createdAt).toISOString(),
    summary,
    ...(description !== undefined && { description }),
    ...(location !== undefined && { location }),
    creator: { email: organizer },
    organizer: { email: organizer, ...(organizer === account.email && { self: true }) },
    start: timeResource(event.start, timeZone),
    end: timeResource(event.end, timeZone),
    iCalUID: `${id}@google.com`,
    ...(event.attendees.length > 0 && {
      attendees: event.attendees.map((one) => ({
        ...one,
        ...(one.email === account.email && { self: true }),
        ...(one.email === organizer && { organizer: true }),
      })),
    }),
    eventType: 'default',
  };
}

/** From the least to the most. */
const accessRoles = ['freeBusyReader', 'reader', 'writer', 'owner'];

function listCalendars({ store, account, query }: ApiCall) {
  const order = ({ primary, summary, id }: Calendar) => `${primary ? 0 : 1}${summary}\u0000${id}`;
  const least = accessRoles.indexOf(query.get('minAccessRole') ?? 'freeBusyReader');
  if (least === -1) throw invalid('Invalid Value', 'minAccessRole');
  const listed = store
    .all('calendars', account.email)
    .filter(({ accessRole }) => accessRoles.indexOf(accessRole) >= least);
  const rows = ordered(listed, order);
  const size = pageSize(query.get('maxResults'), 100, 250);
  const question = `calendars ${account.email} ${least}`;
  const given = page(rows, order, size, query.get('pageToken'), question);
  return {
    kind: 'calendar#calendarList',
    ...(given.nextPageToken && { nextPageToken: given.nextPageToken }),
    items: given.rows.map(({ primary, selected, ...entry }) => ({
      kind: 'calendar#calendarListEntry',
      ...entry,
      foregroundColor: '#000000',
      // Google leaves both out when they are false.
      ...(primary && { primary }),
      ...(selected && { selected }),
    })),
  };
}

function bound(query: URLSearchParams, name: string, otherwise: number): number {
  const value = query.get(name);
  if (value === null) return otherwise;
  if (!/T.*(Z|[+-]\d\d:\d\d)$/.test(value)) throw invalid('Bad Request', name);
  return Date.parse(value);
}

function listEvents(call: ApiCall) {
  const { store, account, query } = call;
  const calendar = calendarOf(call);
  const timeZone = zone(query.get('timeZone'), calendar.timeZone);
  const byStart = query.get('orderBy') === 'startTime';
  if (byStart && query.get('singleEvents') !== 'true') {
    throw invalid('The requested ordering is not available for the particular query.', 'orderBy');
  }
  const from = bound(query, 'timeMin', Number.NEGATIVE_INFINITY);
  const to = bound(query, 'timeMax', Number.POSITIVE_INFINITY);
  const q = query.get('q')?.toLowerCase() ?? '';
  const start = (event: CalendarEvent) => instant(event.start, calendar.timeZone);
  const order = (event: CalendarEvent) =>
    `${byStart ? String(start(event)).padStart(13, '0') : ''}${event.id}`;
  const rows = store
    .all('events', calendar.id)
    .filter(
      (event) =>
        (event.status !== 'cancelled' || query.get('showDeleted') === 'true') &&
        instant(event.end, calendar.timeZone) > from &&
        start(event) < to &&
        `${event.summary} ${event.description ?? ''}`.toLowerCase().includes(q),
    );
  const question = JSON.stringify([calendar.id, from, to, q, byStart]);
  const size = pageSize(query.get('maxResults'), 250, 2_500);
  const given = page(ordered(rows, order), order, size, query.get('pageToken'), question);
  return {
    kind: 'calendar#events',
    summary: calendar.summary,
    timeZone,
    accessRole: calendar.accessRole,
    ...(given.nextPageToken && { nextPageToken: given.nextPageToken }),
    items: given.rows.map((event) => eventResource(account, calendar, event, timeZone)),
  };
}

function eventOf(call: ApiCall, calendar: Calendar): CalendarEvent {
  const event = call.store.get('events', calendar.id, call.params.eventId ?? '');
  if (!event) throw notFound('Not Found');
  return event;
}

function getEvent(call: ApiCall) {
  const calendar = calendarOf(call);
  const timeZone = zone(call.query.get('timeZone'), calendar.timeZone);
  return eventResource(call.account, calendar, eventOf(call, calendar), timeZone);
}

const timeInput = z.union([
  z.object({
    dateTime: z.iso.datetime({ offset: true, local: true }),
    timeZone: z.string().optional(),
  }),
  z.object({ date: z.iso.date() }),
]);

const eventInput = z.object({
  id: z.string().optional(),
  summary: z.string().default(''),
  description: z.string().optional(),
  location: z.string().optional(),
  start: timeInput,
  end: timeInput,
  attendees: z
    .array(z.object({ email: z.email(), displayName: z.string().optional() }))
    .default([]),
});

function eventTime(input: z.output<typeof timeInput>, calendar: Calendar): EventTime {
  if ('date' in input) return { date: input.date };
  const { dateTime } = input;
  if (/(Z|[+-]\d\d:\d\d)$/.test(dateTime)) return { at: Date.parse(dateTime) };
  const timeZone = zone(input.timeZone ?? null, calendar.timeZone);
  const day = midnight(dateTime.slice(0, 10), timeZone);
  const clock = Date.parse(`1970-01-01T${dateTime.slice(11)}Z`);
  return { at: day + clock };
}

function insertEvent(call: ApiCall) {
  const { store, account, body } = call;
  const calendar = calendarOf(call);
  if (calendar.accessRole === 'reader') {
    const message = 'You need to have writer access to this calendar.';
    throw new Refused(403, googleErrorBody({ code: 403, message, reason: 'requiredAccessLevel' }));
  }
  const parsed = eventInput.safeParse(body);
  if (!parsed.success) throw invalid('Missing end time.', 'end');
  const input = parsed.data;
  const id = input.id ?? randomBytes(13).toString('hex');
  if (!/^[a-v0-9]{5,1024}$/.test(id)) throw invalid('Invalid resource id value.', 'resource.id');
  // The id stays taken after the event is deleted.
  if (store.get('events', calendar.id, id)) {
    throw conflict('The requested identifier already exists.', 'duplicate', 'ALREADY_EXISTS');
  }
  const { summary, description, location } = input;
  const event: CalendarEvent = {
    id,
    status: 'confirmed',
    summary,
    ...(description !== undefined && { description }),
    ...(location !== undefined && { location }),
    start: eventTime(input.start, calendar),
    end: eventTime(input.end, calendar),
    organizer: account.email,
    attendees: input.attendees.map(({ email, displayName }) => ({
      email,
      ...(displayName !== undefined && { displayName }),
      responseStatus: 'needsAction',
    })),
    createdAt: Date.now(),
  };
  const { start, end, timeZone } = { ...event, timeZone: calendar.timeZone };
  if (instant(end, timeZone) < instant(start, timeZone)) {
    throw invalid('The specified time range is empty.', 'timeRange');
  }
  store.put('events', calendar.id, id, event);
  return eventResource(account, calendar, event, timeZone);
}

function deleteEvent(call: ApiCall): undefined {
  const calendar = calendarOf(call);
  const event = eventOf(call, calendar);
  if (event.status === 'cancelled') {
    const gone = { code: 410, message: 'Resource has been deleted', reason: 'deleted' };
    throw new Refused(410, googleErrorBody(gone));
  }
  call.store.put('events', calendar.id, event.id, { ...event, status: 'cancelled' });
}

/** The Calendar API, v3, as far as the adapter goes. */
export function calendarRoutes(app: App, store: Store): void {
  const route = apiRoutes(app, store);
  const events = '/calendar/v3/calendars/:calendarId/events';
  route('get', '/calendar/v3/users/:userId/calendarList', accepted.calendarList, listCalendars);
  route('get', events, accepted.calendarEventsRead, listEvents);
  route('post', events, accepted.calendarEventsWrite, insertEvent);
  route('get', `${events}/:eventId`, accepted.calendarEventsRead, getEvent);
  route('delete', `${events}/:eventId`, accepted.calendarEventsWrite, deleteEvent);
}
