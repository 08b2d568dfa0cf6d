import { calendar } from '@googleapis/calendar';
import { drive } from '@googleapis/drive';
import { gmail } from '@googleapis/gmail';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../index';
import { connectAs } from '../testing';

const olivia = 'olivia@northwind.example';

let emulator: Emulator;
let google: ReturnType<typeof clients>;

/** Google's own clients, bare: what a program other than ours would see. */
function clients(rootUrl: string, token: string) {
  const options = { rootUrl, retry: false, headers: { authorization: `Bearer ${token}` } };
  return {
    gmail: gmail({ version: 'v1', ...options }).users,
    drive: drive({ version: 'v3', ...options }),
    calendar: calendar({ version: 'v3', ...options }),
  };
}

beforeAll(async () => {
  emulator = await startEmulator();
  const { tokens } = await connectAs(emulator, olivia);
  google = clients(`${emulator.url}/`, tokens.accessToken);
});
afterAll(() => emulator.close());

const userId = 'me';

describe('Gmail', () => {
  it('counts what a label holds', async () => {
    const { data } = await google.gmail.labels.get({ userId, id: 'INBOX' });
    const { data: list } = await google.gmail.messages.list({ userId, labelIds: ['INBOX'] });
    expect(data.messagesTotal).toBe(list.resultSizeEstimate);
    expect(data.messagesUnread).toBeGreaterThan(0);
  });

  it('relabels many at once, and takes a deleted label off all of them', async () => {
    const requestBody = { name: 'For a moment' };
    const { data: label } = await google.gmail.labels.create({ userId, requestBody });
    const id = label.id ?? '';
    const { data } = await google.gmail.messages.list({ userId, maxResults: 5 });
    const ids = (data.messages ?? []).map((message) => message.id ?? '');
    await google.gmail.messages.batchModify({ userId, requestBody: { ids, addLabelIds: [id] } });
    const labelled = await google.gmail.messages.list({ userId, labelIds: [id] });
    expect(labelled.data.messages).toHaveLength(5);
    await google.gmail.labels.delete({ userId, id });
    const { data: message } = await google.gmail.messages.get({ userId, id: ids[0] ?? '' });
    expect(message.labelIds).not.toContain(id);
  });

  it('refuses a label’s name twice and the deletion of its own', async () => {
    const requestBody = { name: 'invoices' };
    const twice = google.gmail.labels.create({ userId, requestBody });
    await expect(twice).rejects.toMatchObject({ status: 409 });
    const own = google.gmail.labels.delete({ userId, id: 'INBOX' });
    await expect(own).rejects.toMatchObject({ status: 400 });
  });

  it('hands out an attachment as large as it said', async () => {
    const { data } = await google.gmail.messages.list({ userId, q: 'has:attachment' });
    const id = data.messages?.[0]?.id ?? '';
    const { data: message } = await google.gmail.messages.get({ userId, id });
    const part = message.payload?.parts?.find(({ filename }) => filename);
    const attachmentId = part?.body?.attachmentId ?? '';
    const { data: attachment } = await google.gmail.messages.attachments.get({
      userId,
      messageId: id,
      id: attachmentId,
    });
    const content = Buffer.from(attachment.data ?? '', 'base64url');
    expect(content).toHaveLength(part?.body?.size ?? -1);
    expect(content.subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('gives no answers about somebody else', async () => {
    const other = google.gmail.labels.list({ userId: 'victor@northwind.example' });
    await expect(other).rejects.toMatchObject({ status: 404 });
  });
});

describe('Drive', () => {
  it('gives the bare minimum without fields', async () => {
    const { data } = await google.drive.files.list({ pageSize: 1 });
    expect(Object.keys(data.files?.[0] ?? {}).sort()).toEqual(['id', 'kind', 'mimeType', 'name']);
    await expect(google.drive.about.get({})).rejects.toMatchObject({ status: 400 });
  });

  it('tells who may open a file, to those who may share it', async () => {
    const q = "'me' in owners and visibility = 'anyoneWithLink'";
    const { data } = await google.drive.files.list({ q, fields: 'files(id)' });
    const fileId = data.files?.[0]?.id ?? '';
    const { data: list } = await google.drive.permissions.list({ fileId });
    expect(list.permissions).toMatchObject([
      { type: 'user', role: 'owner', emailAddress: olivia },
      { type: 'anyone', role: 'reader' },
    ]);
  });

  it('orders by time, newest first when asked', async () => {
    const orderBy = 'modifiedTime desc';
    const { data } = await google.drive.files.list({ orderBy, fields: 'files(modifiedTime)' });
    const times = (data.files ?? []).map((file) => file.modifiedTime ?? '');
    expect(times).toEqual([...times].sort().reverse());
  });

  it('does not know a file of another organisation', async () => {
    const { tokens } = await connectAs(emulator, 'omar@fabrikam.example');
    const theirs = clients(`${emulator.url}/`, tokens.accessToken);
    const { data } = await theirs.drive.files.list({ pageSize: 1 });
    const foreign = google.drive.files.get({ fileId: data.files?.[0]?.id ?? '' });
    await expect(foreign).rejects.toMatchObject({ status: 404 });
  });
});

describe('Calendar', () => {
  const calendarId = 'primary';
  const start = { dateTime: '2027-03-01T09:00:00', timeZone: 'America/New_York' };
  const end = { dateTime: '2027-03-01T10:00:00', timeZone: 'America/New_York' };

  it('reads a time in the zone it is given with, and shows it in the one asked for', async () => {
    const requestBody = { summary: 'Across the ocean', start, end };
    const { data } = await google.calendar.events.insert({ calendarId, requestBody });
    const eventId = data.id ?? '';
    expect(data.start?.dateTime).toBe('2027-03-01T14:00:00Z');
    const timeZone = 'Asia/Tokyo';
    const { data: there } = await google.calendar.events.get({ calendarId, eventId, timeZone });
    expect(there.start).toEqual({ dateTime: '2027-03-01T23:00:00+09:00', timeZone });
  });

  it('keeps the id of a deleted event taken', async () => {
    const requestBody = { id: '0nce0n1', summary: 'Once', start, end };
    await google.calendar.events.insert({ calendarId, requestBody });
    await google.calendar.events.delete({ calendarId, eventId: '0nce0n1' });
    const { data } = await google.calendar.events.get({ calendarId, eventId: '0nce0n1' });
    expect(data.status).toBe('cancelled');
    const again = google.calendar.events.insert({ calendarId, requestBody });
    await expect(again).rejects.toMatchObject({ status: 409 });
    const twice = google.calendar.events.delete({ calendarId, eventId: '0nce0n1' });
    await expect(twice).rejects.toMatchObject({ status: 410 });
  });

  it.each([
    ['an id of other letters', { id: 'WXYZ!' }],
    ['an end before the start', { end: start, start: end }],
    ['no end', { end: {} }],
  ])('refuses an event with %s', async (_name, change) => {
    const requestBody = { summary: 'No', start, end, ...change };
    const made = google.calendar.events.insert({ calendarId, requestBody });
    await expect(made).rejects.toMatchObject({ status: 400 });
  });

  it('orders by start only when series are taken apart', async () => {
    const list = google.calendar.events.list({ calendarId, orderBy: 'startTime' });
    await expect(list).rejects.toMatchObject({ status: 400 });
  });
});
