import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '@/emulators';
import { collect, discovered } from '@/emulators/testing';
import type { CalendarActions, ChannelActions, FileActions, ProviderClient } from '../provider';
import { allDelegated, connectOrganization, connectPerson, olivia } from './testing';

let emulator: Emulator;
let client: ProviderClient;

beforeAll(async () => {
  emulator = await startEmulator('microsoft');
  client = (await connectPerson(emulator, olivia)).client;
});
afterEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});
afterAll(() => emulator.close());

describe('the calendar', () => {
  const zone = 'America/Los_Angeles';
  const calendar = () => client.calendar as CalendarActions;
  async function newEvent(id: string, startsAt: Date) {
    const [own] = await discovered(client, { only: ['calendars'] });
    return {
      calendarId: own?.providerId ?? '',
      id,
      title: 'Focus',
      description: 'Nobody disturbs',
      startsAt,
      endsAt: new Date(+startsAt + 3_600_000),
      timeZone: zone,
    };
  }

  it('books an event at the moment that was asked for, in the zone that was asked for', async () => {
    const startsAt = new Date('2026-11-25T18:00:00Z');
    const made = await calendar().createEvent(await newEvent('a1b2c3d4e5', startsAt));
    expect(made).toMatchObject({ id: expect.any(String), created: true });
    const day = await calendar().eventsOnDay(startsAt, zone);
    expect(day.find(({ id }) => id === made.id)).toMatchObject({
      title: 'Focus',
      startsAt,
      allDay: false,
    });
  });

  it('makes one event of two attempts', async () => {
    const event = await newEvent('f6f7f8f9f0', new Date('2026-11-26T18:00:00Z'));
    emulator.fault({ method: 'POST', path: '*/events', reset: true, when: 'after', times: 1 });
    await expect(calendar().createEvent(event)).rejects.toMatchObject({ ambiguous: true });
    const { id } = await calendar().createEvent(event);
    const same = (await calendar().eventsOnDay(event.startsAt, zone)).filter(
      (one) => one.title === 'Focus',
    );
    expect(same.map((one) => one.id)).toEqual([id]);
  });

  it.each<[whose: string, calendars: () => Promise<CalendarActions>]>([
    ['their own', async () => calendar()],
    [
      'one of an organisation’s people',
      async () =>
        (await connectOrganization(emulator)).client.person?.(olivia).calendar as CalendarActions,
    ],
  ])('books on the default calendar where it is called primary: %s', async (whose, calendars) => {
    const startsAt = new Date('2026-11-27T18:00:00Z');
    const event = { ...(await newEvent(`primary ${whose}`, startsAt)), calendarId: 'primary' };
    const on = await calendars();
    const { id } = await on.createEvent(event);
    const own = (await discovered(client, { only: ['calendars'] })).find(
      ({ attributes }) => attributes.primary === true,
    );
    const day = await on.eventsOnDay(startsAt, zone);
    expect(day.find((one) => one.id === id)?.calendarId).toBe(own?.providerId);
  });

  it('sorts a day by start and keeps to it', async () => {
    const days = Array.from({ length: 7 }, (_, at) => new Date(Date.now() + at * 86_400_000));
    for (const day of days) {
      const events = await calendar().eventsOnDay(day, 'Europe/London');
      const starts = events.map(({ startsAt }) => +startsAt);
      expect(starts).toEqual([...starts].sort((a, b) => a - b));
    }
  });
});

describe('files', () => {
  it('that somebody outside can open are found with who it is', async () => {
    const files = client.files as FileActions;
    const found = await collect(files.externallySharedFiles(['northwind.example']));
    expect(found.length).toBeGreaterThan(0);
    for (const { grants } of found) {
      for (const grant of grants) {
        expect(grant.target ?? '').not.toMatch(/@northwind\.example$/);
        expect(grant.with === 'anyone' || grant.target !== null).toBe(true);
      }
    }
    const kinds = new Set(found.flatMap(({ grants }) => grants.map((one) => one.with)));
    expect(kinds).toContain('anyone');
  });

  it('are found the same by one of an organisation’s people', async () => {
    const theirs = (await connectOrganization(emulator)).client.person?.(olivia).files;
    const look = (files: FileActions) =>
      collect(files.externallySharedFiles(['northwind.example']));
    const found = await look(client.files as FileActions);
    expect(found.length).toBeGreaterThan(0);
    expect(await look(theirs as FileActions)).toEqual(found);
  });

  it('are looked through twenty permissions at a time', async () => {
    await collect((client.files as FileActions).externallySharedFiles([]));
    const single = emulator.requests().filter(({ path }) => /\/permissions$/.test(path));
    expect(single).toEqual([]);
  });
});

describe('channels', () => {
  const channels = () => client.channels as ChannelActions;
  const channelId = async () =>
    (await discovered(client, { only: ['channels'] })).find(({ kind }) => kind === 'channel')
      ?.providerId ?? '';

  it('are posted to, line by line', async () => {
    const message = { channelId: await channelId(), text: 'One <two>\nthree', key: 'k' };
    expect(await channels().post(message)).toMatchObject({ id: expect.any(String) });
  });

  it('stay unclear after a lost answer where nobody may read them', async () => {
    const message = { channelId: await channelId(), text: 'Lost', key: 'k' };
    expect(await channels().findPosted(message)).toBe('unclear');
  });

  it('are looked through where an organisation lets us', async () => {
    const scopes = [...allDelegated, 'ChannelMessage.Read.All'];
    const reading = (await connectPerson(emulator, olivia, scopes)).client.channels;
    const message = { channelId: await channelId(), text: 'Found & kept\nhere', key: 'k' };
    expect(await reading?.findPosted(message)).toBeNull();
    const posted = await reading?.post(message);
    expect(await reading?.findPosted(message)).toEqual(posted);
  });

  it('that are no channels are refused before anything is sent', async () => {
    const message = { channelId: '../../users', text: 'x', key: 'k' };
    await expect(channels().post(message)).rejects.toMatchObject({ kind: 'invalid_request' });
    expect(emulator.requests()).toEqual([]);
  });

  it('are nobody’s to post to in an organisation’s name', async () => {
    expect((await connectOrganization(emulator)).client.channels).toBeNull();
  });
});
