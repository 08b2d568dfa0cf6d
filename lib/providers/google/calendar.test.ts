import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '@/emulators';
import { connectAs } from '@/emulators/testing';
import type { CalendarActions, NewEvent } from '../provider';

const olivia = 'olivia@northwind.example';
/** A Monday, so that the team's calendar has something on it. */
const monday = new Date('2026-11-23T10:00:00Z');
const london = 'Europe/London';

let emulator: Emulator;
let calendar: CalendarActions;

beforeAll(async () => {
  emulator = await startEmulator({ seed: { now: +monday } });
  calendar = (await connectAs(emulator, olivia)).client.calendar as CalendarActions;
});
afterEach(() => emulator.clearFaults());
afterAll(() => emulator.close());

function newEvent(change: Partial<NewEvent> = {}): NewEvent {
  return {
    calendarId: 'primary',
    id: 'effect0001',
    title: 'Review of open items',
    startsAt: new Date('2026-12-31T23:30:00Z'),
    endsAt: new Date('2027-01-01T00:30:00Z'),
    timeZone: london,
    ...change,
  };
}

describe('the events of a day', () => {
  it('come from all calendars, in order, each on that day', async () => {
    const events = await calendar.eventsOnDay(monday, london);
    const names = new Set(events.map(({ calendarName }) => calendarName));
    expect(names).toEqual(new Set([olivia, 'Northwind Traders team']));
    const starts = events.map(({ startsAt }) => +startsAt);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    for (const { startsAt, endsAt } of events) {
      expect(+startsAt).toBeLessThan(Date.parse('2026-11-24T00:00:00Z'));
      expect(+endsAt).toBeGreaterThan(Date.parse('2026-11-23T00:00:00Z'));
    }
    expect(events.find(({ allDay }) => allDay)?.startsAt).toEqual(new Date('2026-11-23T00:00:00Z'));
  });

  it('begins and ends with the day of the asked time zone', async () => {
    const events = await calendar.eventsOnDay(monday, 'Pacific/Auckland');
    // 23 November 23:00 in Auckland is still that Monday there: it began at 11:00 UTC on Sunday.
    const timed = events.filter(({ allDay }) => !allDay);
    expect(timed.length).toBeGreaterThan(0);
    for (const { startsAt } of timed) {
      expect(+startsAt).toBeGreaterThanOrEqual(Date.parse('2026-11-22T11:00:00Z'));
      expect(+startsAt).toBeLessThan(Date.parse('2026-11-23T11:00:00Z'));
    }
  });

  it('leaves out what the person declined and what was cancelled', async () => {
    const before = await calendar.eventsOnDay(monday, london);
    const gone = {
      id: 'x',
      status: 'cancelled',
      start: { date: '2026-11-23' },
      end: { date: '2026-11-24' },
    };
    const declined = {
      ...gone,
      status: 'confirmed',
      attendees: [{ self: true, responseStatus: 'declined' }],
    };
    emulator.fault({ path: '*/events', times: 1, body: { items: [gone, declined] } });
    const after = await calendar.eventsOnDay(monday, london);
    expect(after.length).toBeLessThan(before.length);
    expect(after.map(({ id }) => id)).not.toContain('x');
  });
});

describe('creating an event', () => {
  it('puts it on the calendar under the given id', async () => {
    const made = await calendar.createEvent(newEvent());
    expect(made).toMatchObject({ id: 'effect0001', created: true });
    const day = await calendar.eventsOnDay(new Date('2026-12-31T12:00:00Z'), london);
    expect(day).toContainEqual(
      expect.objectContaining({ id: 'effect0001', title: 'Review of open items' }),
    );
  });

  it('a second time finds the first one', async () => {
    const event = newEvent({ id: 'effect0002' });
    const first = await calendar.createEvent(event);
    expect(await calendar.createEvent(event)).toEqual({ ...first, created: false });
  });

  it('again after a lost answer makes no second one', async () => {
    const event = newEvent({ id: 'effect0003' });
    emulator.fault({ method: 'POST', path: '*/events', when: 'after', status: 502, times: 1 });
    await expect(calendar.createEvent(event)).rejects.toMatchObject({ ambiguous: true });
    expect(await calendar.createEvent(event)).toMatchObject({ id: 'effect0003', created: false });
  });

  it('on a calendar that one may only read is forbidden', async () => {
    const calendarId = 'en.uk#holiday@group.v.calendar.google.com';
    await expect(calendar.createEvent(newEvent({ calendarId }))).rejects.toMatchObject({
      kind: 'forbidden',
    });
  });

  it('without the scope says which would do', async () => {
    const readOnly = ['openid', 'https://www.googleapis.com/auth/calendar.readonly'];
    const { client } = await connectAs(emulator, olivia, readOnly);
    await expect(client.calendar?.createEvent(newEvent())).rejects.toMatchObject({
      kind: 'needs_scopes',
      failure: {
        missing: expect.arrayContaining(['https://www.googleapis.com/auth/calendar.events']),
      },
    });
  });
});
