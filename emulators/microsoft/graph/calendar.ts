import { TZDate } from '@date-fns/tz';
import { format } from 'date-fns';
import { badRequest, graphError, noItem } from '../errors';
import type { App } from '../login';
import { outlookId } from '../seed/mailbox';
import type { Calendar, CalendarEvent, Store } from '../state';
import { type Access, graphRoutes, type PersonCall, requireMailbox } from './api';
import { collection, ordered, page, top } from './odata';

const readCalendars: Access = {
  family: 'outlook',
  delegated: ['Calendars.ReadBasic', 'Calendars.Read', 'Calendars.ReadWrite'],
  application: ['Calendars.ReadBasic.All', 'Calendars.Read', 'Calendars.ReadWrite'],
};
const writeCalendars: Access = {
  family: 'outlook',
  delegated: ['Calendars.ReadWrite'],
  application: ['Calendars.ReadWrite'],
};

const isZone = (zone: string) => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
};

/** The zone in which times are answered. Source: https://learn.microsoft.com/graph/api/user-list-calendarview#request-headers */
function answerZone({ request }: PersonCall): string {
  const zone = /outlook\.timezone="([^"]+)"/i.exec(request.headers.get('prefer') ?? '')?.[1];
  return zone !== undefined && isZone(zone) ? zone : 'UTC';
}

function calendarResource(calendar: Calendar, { owner }: PersonCall) {
  return {
    id: calendar.id,
    name: calendar.name,
    color: 'auto',
    hexColor: calendar.hexColor,
    isDefaultCalendar: calendar.isDefault,
    canEdit: calendar.canEdit,
    canShare: calendar.isDefault,
    canViewPrivateItems: true,
    owner: { name: owner.displayName, address: owner.upn },
  };
}

/** A whole day is a date at midnight, whatever the zone. */
function timeOf(at: number, allDay: boolean, zone: string) {
  const shown = new TZDate(at, allDay ? 'UTC' : zone);
  return { dateTime: `${format(shown, "yyyy-MM-dd'T'HH:mm:ss")}.0000000`, timeZone: zone };
}

function eventResource(event: CalendarEvent, zone: string) {
  return {
    '@odata.etag': `W/"${event.id.slice(-12)}"`,
    id: event.id,
    createdDateTime: new Date(event.createdAt).toISOString(),
    transactionId: event.transactionId,
    subject: event.subject,
    bodyPreview: event.text.slice(0, 255),
    body: { contentType: 'text', content: event.text },
    isAllDay: event.allDay,
    isCancelled: event.cancelled,
    responseStatus: { response: 'organizer', time: '0001-01-01T00:00:00Z' },
    start: timeOf(event.startsAt, event.allDay, zone),
    end: timeOf(event.endsAt, event.allDay, zone),
    location: { displayName: event.location },
    organizer: { emailAddress: { name: event.organizer, address: event.organizer } },
    attendees: event.attendees.map(({ name, address }) => ({
      type: 'required',
      status: { response: 'none', time: '0001-01-01T00:00:00Z' },
      emailAddress: { name, address },
    })),
    webLink: `https://outlook.office365.com/owa/?itemid=${encodeURIComponent(event.id)}&path=/calendar/item`,
  };
}

/** The one in the path, or the default one. */
function findCalendar({ store, owner, params }: PersonCall): Calendar {
  const all = store.all('calendars', owner.oid);
  const id = params.calendar;
  const found =
    id === undefined ? all.find((one) => one.isDefault) : all.find((one) => one.id === id);
  if (!found) throw noItem();
  return found;
}

function bound({ query }: PersonCall, name: string): number {
  const value = query.get(name);
  if (value === null) {
    throw badRequest(
      `This request requires a time window specified by the query string parameters StartDateTime and EndDateTime.`,
      'ErrorInvalidParameter',
    );
  }
  // Without a zone it is UTC.
  const at = Date.parse(/Z|[+-]\d\d:?\d\d$/i.test(value) ? value : `${value}Z`);
  if (Number.isNaN(at))
    throw badRequest(
      `The value '${value}' of parameter '${name}' is invalid.`,
      'ErrorInvalidParameter',
    );
  return at;
}

const eventKey = ({ startsAt, id }: CalendarEvent) => `${String(startsAt).padStart(14, '0')} ${id}`;

function calendarView(call: PersonCall) {
  const { store, owner } = call;
  const calendar = findCalendar(call);
  const [from, to] = [bound(call, 'startDateTime'), bound(call, 'endDateTime')];
  const rows = store
    .all('events', owner.oid)
    .filter((one) => one.calendarId === calendar.id && one.startsAt < to && one.endsAt > from);
  const zone = answerZone(call);
  const given = page(call, ordered(rows, eventKey), eventKey, top(call, 10, 1_000));
  return collection(given, (event) => eventResource(event, zone));
}

type Json = Readonly<Record<string, unknown>>;
const record = (value: unknown): Json =>
  value !== null && typeof value === 'object' ? (value as Json) : {};
const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** A moment given as a clock on a wall shows it, and where that wall is. */
function moment(value: unknown, name: string): number {
  const { dateTime, timeZone = 'UTC' } = record(value);
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?/.exec(text(dateTime));
  if (!parts) throw badRequest(`Property '${name}' is required.`, 'ErrorInvalidRequest');
  const zone = text(timeZone);
  if (!isZone(zone)) {
    throw graphError(
      400,
      'TimeZoneNotSupportedException',
      `A valid TimeZone value must be specified. The following TimeZone value is not supported: ''.`,
    );
  }
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  return +new TZDate(year, month - 1, day, hour, minute, second, zone);
}

/** Sent again with the same `transactionId`, it answers with the event that is there. */
function createEvent(call: PersonCall): Response {
  const { store, owner, body } = call;
  const calendar = findCalendar(call);
  if (!calendar.canEdit) {
    throw graphError(
      403,
      'ErrorAccessDenied',
      'Access is denied. Check credentials and try again.',
    );
  }
  const zone = answerZone(call);
  const transactionId = text(body.transactionId) || null;
  const known = store
    .all('events', owner.oid)
    .find((one) => transactionId !== null && one.transactionId === transactionId);
  if (known) return Response.json(eventResource(known, zone), { status: 201 });
  const event: CalendarEvent = {
    id: outlookId(crypto.randomUUID()),
    calendarId: calendar.id,
    transactionId,
    subject: text(body.subject),
    text: text(record(body.body).content),
    location: text(record(body.location).displayName),
    startsAt: moment(body.start, 'Start'),
    endsAt: moment(body.end, 'End'),
    allDay: body.isAllDay === true,
    organizer: owner.upn,
    attendees: (Array.isArray(body.attendees) ? body.attendees : []).map((one) => {
      const { name, address } = record(record(one).emailAddress);
      return { name: text(name) || text(address), address: text(address) };
    }),
    createdAt: Date.now(),
    cancelled: false,
  };
  if (event.endsAt < event.startsAt) {
    throw badRequest(
      'The end time must not be before the start time.',
      'ErrorPropertyValidationFailure',
    );
  }
  store.put('events', owner.oid, event.id, event);
  return Response.json(eventResource(event, zone), { status: 201 });
}

function findEvent({ store, owner, params }: PersonCall): CalendarEvent {
  const found = store.get('events', owner.oid, params.event ?? '');
  if (!found) throw noItem();
  return found;
}

/** Outlook's calendars, as far as the adapter goes. @param open makes somebody's calendars */
export function calendarRoutes(
  app: App,
  store: Store,
  baseUrl: string,
  open: (call: PersonCall) => void,
): void {
  const { personal } = graphRoutes(app, store, baseUrl);
  const route: typeof personal = (method, path, access, handler) =>
    personal(method, path, access, (call) => {
      requireMailbox(call.owner);
      open(call);
      return handler(call);
    });
  route('get', '/calendars', readCalendars, (call) => {
    const rows = call.store.all('calendars', call.owner.oid);
    const keyOf = ({ isDefault, name, id }: Calendar) => `${isDefault ? 0 : 1} ${name} ${id}`;
    const given = page(call, ordered(rows, keyOf), keyOf, top(call, 10, 1_000));
    return collection(given, (calendar) => calendarResource(calendar, call));
  });
  for (const path of ['/calendar', '/calendars/:calendar']) {
    route('get', path, readCalendars, (call) => calendarResource(findCalendar(call), call));
    route('get', `${path}/calendarView`, readCalendars, calendarView);
    route('post', `${path}/events`, writeCalendars, createEvent);
  }
  route('get', '/calendarView', readCalendars, calendarView);
  route('post', '/events', writeCalendars, createEvent);
  route('get', '/events/:event', readCalendars, (call) =>
    eventResource(findEvent(call), answerZone(call)),
  );
  route('delete', '/events/:event', writeCalendars, (call) => {
    call.store.delete('events', call.owner.oid, findEvent(call).id);
    return undefined;
  });
}
