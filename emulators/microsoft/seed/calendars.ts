import { calendars as googleCalendars } from '../../google/seed/calendars';
import type { Organisation } from '../../google/seed/organisations';
import { randomFrom } from '../../google/seed/random';
import type { EventTime } from '../../google/state';
import type { Store, User } from '../state';
import { outlookId } from './mailbox';

const begins = (time: EventTime) => ('at' in time ? time.at : Date.parse(`${time.date}T00:00:00Z`));

/** One calendar of somebody who was made up to make numbers, with so many meetings. */
export function seedPlainCalendar(store: Store, { oid, upn }: User, now: number, count: number) {
  const id = outlookId(`calendar ${oid}`);
  store.put('calendars', oid, id, {
    ...{ id, name: 'Calendar', isDefault: true, canEdit: true, hexColor: '' },
  });
  for (let index = 0; index < count; index += 1) {
    const startsAt = Math.floor(now / 3_600_000) * 3_600_000 + index * 86_400_000;
    const eventId = outlookId(`event ${oid} ${index}`);
    store.put('events', oid, eventId, {
      ...{ id: eventId, calendarId: id, transactionId: null, subject: 'Meeting', text: '' },
      ...{ location: '', startsAt, endsAt: startsAt + 1_800_000, allDay: false, organizer: upn },
      ...{ attendees: [], createdAt: now, cancelled: false },
    });
  }
}

/** Give somebody their calendars, with so many events at most in each. */
export function seedCalendars(
  store: Store,
  user: User,
  organisation: Organisation,
  now: number,
  count: number,
): void {
  const { oid, upn } = user;
  const person = organisation.people.find(({ user: name }) => upn.startsWith(`${name}@`));
  const author = person ?? {
    user: upn.slice(0, upn.indexOf('@')),
    name: user.displayName,
    title: '',
  };
  const made = googleCalendars(randomFrom(`calendar ${upn}`), organisation, author, now);
  for (const { calendar, events } of made) {
    const id = outlookId(`calendar ${oid} ${calendar.id}`);
    store.put('calendars', oid, id, {
      id,
      name: calendar.primary ? 'Calendar' : calendar.summary,
      isDefault: calendar.primary,
      canEdit: calendar.accessRole !== 'reader',
      hexColor: calendar.backgroundColor,
    });
    for (const event of events.slice(0, count)) {
      const eventId = outlookId(`event ${oid} ${event.id}`);
      store.put('events', oid, eventId, {
        id: eventId,
        calendarId: id,
        transactionId: null,
        subject: event.summary,
        text: event.description ?? '',
        location: event.location ?? '',
        startsAt: begins(event.start),
        endsAt: begins(event.end),
        allDay: 'date' in event.start,
        organizer: event.organizer,
        attendees: event.attendees.map(({ email, displayName }) => ({
          name: displayName ?? email,
          address: email,
        })),
        createdAt: event.createdAt,
        cancelled: event.status === 'cancelled',
      });
    }
  }
}
