import { TZDate } from '@date-fns/tz';
// One by one: the whole library takes longer to load than the emulator does to start.
import { addDays } from 'date-fns/addDays';
import { format } from 'date-fns/format';
import { getDay } from 'date-fns/getDay';
import { startOfDay } from 'date-fns/startOfDay';
import type { Attendee, Calendar, CalendarEvent } from '../state';
import { addressOf, type Organisation, type Person } from './organisations';
import type { Random } from './random';

/** Days before and after the seeding that have events. */
const past = 21;
const future = 120;

const eventAlphabet = '0123456789abcdefghijklmnopqrstuv';

interface Slot {
  readonly title: string;
  readonly hour: number;
  readonly minute: number;
  readonly minutes: number;
  readonly location?: string;
  readonly company: 'team' | 'customer' | 'alone';
}

const daily: Slot = { title: 'Stand-up', hour: 9, minute: 15, minutes: 15, company: 'team' };
const meetings: readonly Slot[] = [
  { title: 'Planning', hour: 10, minute: 0, minutes: 60, location: 'Room 2', company: 'team' },
  { title: 'Call with', hour: 11, minute: 30, minutes: 30, company: 'customer' },
  { title: 'Lunch', hour: 12, minute: 30, minutes: 45, company: 'alone' },
  { title: 'Review', hour: 14, minute: 0, minutes: 45, location: 'Room 1', company: 'team' },
  { title: 'Visit by', hour: 15, minute: 0, minutes: 90, location: 'Lobby', company: 'customer' },
  { title: 'Focus time', hour: 16, minute: 0, minutes: 60, company: 'alone' },
];

const weekendSlots: readonly Slot[] = [
  { title: 'On-call check', hour: 10, minute: 0, minutes: 15, company: 'alone' },
  { title: 'Delivery window', hour: 12, minute: 0, minutes: 60, company: 'alone' },
  { title: 'Week in review', hour: 17, minute: 30, minutes: 30, company: 'alone' },
];

interface Diary {
  readonly random: Random;
  readonly organisation: Organisation;
  readonly owner: Person;
  readonly now: number;
}

function attendees({ random, organisation, owner }: Diary, slot: Slot): Attendee[] {
  if (slot.company !== 'team') return [];
  return organisation.people.map((person) => ({
    email: addressOf(organisation, person),
    displayName: person.name,
    responseStatus:
      person === owner || random.chance(0.7)
        ? 'accepted'
        : random.pick(['tentative', 'needsAction', 'declined'] as const),
  }));
}

function meeting(diary: Diary, midnight: TZDate, slot: Slot): CalendarEvent {
  const { random, organisation, owner, now } = diary;
  const start = new TZDate(midnight, organisation.timeZone).setHours(slot.hour, slot.minute);
  const customer = random.pick(organisation.customers).name;
  return {
    id: random.id(26, eventAlphabet),
    status: 'confirmed',
    summary: slot.company === 'customer' ? `${slot.title} ${customer}` : slot.title,
    ...(slot.location && { location: slot.location }),
    ...(slot.company === 'team' && { description: `About ${random.pick(organisation.projects)}` }),
    start: { at: start },
    end: { at: start + slot.minutes * 60_000 },
    organizer: addressOf(organisation, owner),
    attendees: attendees(diary, slot),
    createdAt: now,
  };
}

function allDay(diary: Diary, day: TZDate, days: number, summary: string): CalendarEvent {
  const { random, organisation, owner, now } = diary;
  return {
    id: random.id(26, eventAlphabet),
    status: 'confirmed',
    summary,
    start: { date: format(day, 'yyyy-MM-dd') },
    end: { date: format(addDays(day, days), 'yyyy-MM-dd') },
    organizer: addressOf(organisation, owner),
    attendees: [],
    createdAt: now,
  };
}

function days({ organisation, now }: Diary): TZDate[] {
  const today = startOfDay(new TZDate(now, organisation.timeZone));
  return Array.from({ length: past + future + 1 }, (_, index) => addDays(today, index - past));
}

function weekend(day: TZDate): boolean {
  return getDay(day) === 0 || getDay(day) === 6;
}

/** Every day has something, so that an agenda is never empty whenever the demo is looked at. */
function ownEvents(diary: Diary): CalendarEvent[] {
  const { random } = diary;
  return days(diary).flatMap((day) => {
    const slots = weekend(day)
      ? weekendSlots
      : [daily, ...meetings.filter(() => random.chance(0.35))];
    return slots.map((slot) => meeting(diary, day, slot));
  });
}

function teamEvents(diary: Diary): CalendarEvent[] {
  const { random, organisation } = diary;
  return days(diary).flatMap((day) => {
    if (getDay(day) !== 1) return [];
    const away = allDay(
      diary,
      day,
      random.int(1, 5),
      `${random.pick(organisation.people).name} away`,
    );
    const slot: Slot = { title: 'Week ahead', hour: 13, minute: 0, minutes: 30, company: 'team' };
    return [away, meeting(diary, day, slot)];
  });
}

function holidays(diary: Diary): CalendarEvent[] {
  return days(diary)
    .filter((_, index) => index % 34 === 12)
    .map((day, index) => allDay(diary, day, 1, `Public holiday ${index + 1}`));
}

interface Seeded {
  readonly calendar: Calendar;
  readonly events: readonly CalendarEvent[];
}

export function primaryCalendar(address: string, timeZone: string): Calendar {
  return {
    id: address,
    summary: address,
    timeZone,
    primary: true,
    selected: true,
    accessRole: 'owner',
    backgroundColor: '#9fe1e7',
  };
}

/** Somebody's calendars: their own, the team's and the public holidays. */
export function calendars(
  random: Random,
  organisation: Organisation,
  owner: Person,
  now: number,
): Seeded[] {
  const diary = { random, organisation, owner, now };
  const lead = organisation.people[0] === owner;
  const { timeZone, domain, name, holidays: public_ } = organisation;
  const team = `c_${domain.replace(/\W/g, '')}team@group.calendar.google.com`;
  return [
    {
      calendar: primaryCalendar(addressOf(organisation, owner), timeZone),
      events: ownEvents(diary),
    },
    {
      calendar: {
        id: team,
        summary: `${name} team`,
        description: 'Who is away, and what concerns all of us.',
        timeZone,
        primary: false,
        selected: true,
        accessRole: lead ? 'owner' : 'reader',
        backgroundColor: '#f691b2',
      },
      // One calendar, seen by all: the first account brings its events.
      events: lead ? teamEvents(diary) : [],
    },
    {
      calendar: {
        id: `${public_.id}#holiday@group.v.calendar.google.com`,
        summary: `Holidays in ${public_.region}`,
        timeZone,
        primary: false,
        selected: true,
        accessRole: 'reader',
        backgroundColor: '#16a765',
      },
      events: lead ? holidays(diary) : [],
    },
  ];
}
