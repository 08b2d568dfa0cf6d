import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '@/emulators';
import { collect } from '@/emulators/testing';
import type { MailActions } from '../provider';
import { connectOrganization, connectPerson, olivia } from './testing';

const victor = 'victor@northwind.example';

let emulator: Emulator;
let mail: MailActions;

beforeAll(async () => {
  emulator = await startEmulator('microsoft');
  mail = (await connectPerson(emulator, olivia)).client.mail as MailActions;
});
afterEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});
afterAll(() => emulator.close());

const first = async (query: string) =>
  (await collect(mail.searchMessages({ query, limit: 1 })))[0] ?? '';
const outgoing = (messageId: string) => ({
  to: [victor],
  subject: 'Hello',
  text: 'World',
  html: '<p>World</p>',
  messageId,
});

describe('a search', () => {
  it('pages through all there is and stops at the limit', async () => {
    const all = await collect(mail.searchMessages({ query: '' }));
    expect(all.length).toBeGreaterThan(40);
    expect(new Set(all).size).toBe(all.length);
    const some = await collect(mail.searchMessages({ query: '', limit: 7 }));
    expect(some).toEqual(all.slice(0, 7));
  });

  it('speaks Outlook’s query language, quotes included', async () => {
    const sent = await mail.send(outgoing('<quotes@northwind.example>'));
    const id = sent.id;
    expect(await collect(mail.searchMessages({ query: 'subject:"Hello"' }))).toContain(id);
    expect(await collect(mail.searchMessages({ query: 'subject:"no such thing"' }))).toEqual([]);
  });
});

describe('a search as automations write it', () => {
  const dayOf = (date: Date) => date.toISOString().slice(0, 10);
  async function everything() {
    const ids = await collect(mail.searchMessages({ query: '' }));
    const messages = await Promise.all(ids.map((id) => mail.getMessage(id)));
    return messages.sort((a, b) => +a.receivedAt - +b.receivedAt);
  }
  const found = async (query: string) => new Set(await collect(mail.searchMessages({ query })));
  const ids = (messages: readonly { readonly id: string }[]) =>
    new Set(messages.map(({ id }) => id));

  it('goes by days, the first and the last included', async () => {
    const all = await everything();
    const middle = dayOf(all[Math.floor(all.length / 2)]?.receivedAt ?? new Date());
    const since = await found(`received>=${middle}`);
    expect(since).toEqual(ids(all.filter(({ receivedAt }) => dayOf(receivedAt) >= middle)));
    const until = await found(`received<=${middle}`);
    expect(until).toEqual(ids(all.filter(({ receivedAt }) => dayOf(receivedAt) <= middle)));
    expect(since.size).toBeLessThan(all.length);
    expect(until.size).toBeLessThan(all.length);
  });

  it('wants all that AND joins', async () => {
    const all = await everything();
    const middle = dayOf(all[Math.floor(all.length / 2)]?.receivedAt ?? new Date());
    const lately = all.filter(({ receivedAt }) => dayOf(receivedAt) >= middle);
    const withFiles = lately.filter(({ attachments }) => attachments.length > 0);
    expect(withFiles.length).toBeGreaterThan(0);
    expect(withFiles.length).toBeLessThan(lately.length);
    expect(await found(`hasAttachments:true AND received>=${middle}`)).toEqual(ids(withFiles));
    const word = withFiles[0]?.subject.split(' ')[0] ?? '';
    const few = await found(`hasAttachments:true AND received>=${middle} AND subject:${word}`);
    expect([...few].every((id) => ids(withFiles).has(id))).toBe(true);
    expect(few.has(withFiles[0]?.id ?? '')).toBe(true);
  });

  it('takes what is in brackets together', async () => {
    const all = await everything();
    const middle = dayOf(all[Math.floor(all.length / 2)]?.receivedAt ?? new Date());
    const either = all.filter(({ subject }) => /e|a/i.test(subject));
    const lately = either.filter(({ receivedAt }) => dayOf(receivedAt) >= middle);
    expect(lately.length).toBeLessThan(either.length);
    expect(await found(`received>=${middle} AND (subject:e OR subject:a)`)).toEqual(ids(lately));
  });
});

describe('a message', () => {
  it('has its headers, attachments and where it lies', async () => {
    const id = await first('hasAttachments:true');
    const found = await mail.getMessage(id);
    expect(found).toMatchObject({
      id,
      subject: expect.any(String),
      from: expect.stringContaining('@'),
      receivedAt: expect.any(Date),
      messageId: expect.stringMatching(/^<.+>$/),
    });
    expect(found.attachments[0]).toMatchObject({
      filename: expect.any(String),
      size: expect.any(Number),
    });
  });

  it('that is a newsletter says how to leave it', async () => {
    const ids = await collect(mail.searchMessages({ query: '', limit: 80 }));
    const messages = await Promise.all(ids.slice(0, 40).map((id) => mail.getMessage(id)));
    expect(messages.some(({ listUnsubscribe }) => listUnsubscribe !== null)).toBe(true);
  });

  it('that is gone is not_found', async () => {
    await expect(mail.getMessage('nothing')).rejects.toMatchObject({ kind: 'not_found' });
  });
});

describe('categories as labels', () => {
  it('are made once, whatever their case', async () => {
    expect(await mail.findLabel('Tenantry')).toBeNull();
    const made = await mail.ensureLabel('Tenantry');
    expect(made).toEqual({ id: 'Tenantry', name: 'Tenantry', created: true });
    expect(await mail.ensureLabel('tenantry')).toMatchObject({ id: 'Tenantry', created: false });
  });

  it('whose answer was lost are found again', async () => {
    emulator.fault({
      method: 'POST',
      path: '*/masterCategories',
      reset: true,
      when: 'after',
      times: 1,
    });
    expect(await mail.ensureLabel('Lost')).toMatchObject({ id: 'Lost', created: false });
  });

  it('are added and removed, and nothing else is touched', async () => {
    const id = await first('');
    const before = (await mail.getMessage(id)).labelIds;
    await mail.modifyMessageLabels(id, { add: ['Tenantry'] });
    await mail.modifyMessageLabels(id, { add: ['Tenantry'] });
    expect((await mail.getMessage(id)).labelIds).toEqual([...before, 'Tenantry']);
    await mail.modifyMessageLabels(id, { remove: ['Tenantry'] });
    expect((await mail.getMessage(id)).labelIds).toEqual(before);
  });

  it('take a message out of the inbox and keep its id', async () => {
    const ids = await collect(mail.searchMessages({ query: '', limit: 80 }));
    let inside: string | undefined;
    for (const id of ids) {
      if ((await mail.getMessage(id)).labelIds.includes('INBOX')) inside = id;
      if (inside) break;
    }
    const id = inside ?? '';
    await mail.modifyMessageLabels(id, { add: ['Tenantry'], remove: ['INBOX'] });
    expect((await mail.getMessage(id)).labelIds).toEqual(expect.arrayContaining(['Tenantry']));
    expect((await mail.getMessage(id)).labelIds).not.toContain('INBOX');
    await mail.modifyMessageLabels(id, { remove: ['INBOX'] });
    await mail.modifyMessageLabels(id, { add: ['INBOX'] });
    expect((await mail.getMessage(id)).labelIds).toContain('INBOX');
  });
});

describe('a mail that is sent', () => {
  it('carries our Message-ID and is found by it', async () => {
    const messageId = '<one@northwind.example>';
    expect(await mail.findSentByMessageId(messageId)).toBeNull();
    const sent = await mail.send(outgoing(messageId));
    expect(await mail.findSentByMessageId(messageId)).toEqual(sent);
    expect(await mail.getMessage(sent.id)).toMatchObject({ subject: 'Hello', messageId });
  });

  it('whose answer was lost is ambiguous, and found', async () => {
    const messageId = "<o'two@northwind.example>";
    emulator.fault({ path: '*/sendMail', reset: true, when: 'after', times: 1 });
    await expect(mail.send(outgoing(messageId))).rejects.toMatchObject({
      kind: 'temporarily_unavailable',
      ambiguous: true,
    });
    expect(await mail.findSentByMessageId(messageId)).not.toBeNull();
  });

  it('that was refused is not', async () => {
    const messageId = '<three@northwind.example>';
    emulator.preset('throttle', { times: 1 });
    await expect(mail.send(outgoing(messageId))).rejects.toMatchObject({
      kind: 'throttled',
      ambiguous: false,
    });
    expect(await mail.findSentByMessageId(messageId)).toBeNull();
  });
});

it('an organisation’s connection works with one person’s mail', async () => {
  const { client } = await connectOrganization(emulator);
  expect(client.mail).toBeNull();
  const theirs = client.person?.(victor).mail as MailActions;
  const messageId = '<person@northwind.example>';
  const sent = await theirs.send({ ...outgoing(messageId), to: [olivia] });
  expect(await theirs.getMessage(sent.id)).toMatchObject({
    from: expect.stringContaining(victor),
  });
});

describe('one of an organisation’s people', () => {
  it('is found by mail address where they sign in with another', async () => {
    const { client } = await connectOrganization(emulator);
    const error = { code: 'Request_ResourceNotFound', message: 'does not exist' };
    emulator.fault({ path: '/v1.0/users/victor%40*', status: 404, body: { error } });
    const theirs = client.person?.(victor).mail as MailActions;
    expect(await collect(theirs.searchMessages({ query: '', limit: 3 }))).toHaveLength(3);
    const lookUps = () => emulator.requests().filter(({ path }) => path === '/v1.0/users').length;
    expect(lookUps()).toBe(1);
    await theirs.findLabel('Anything');
    expect(lookUps()).toBe(1);
  });

  it('who is not there is not_found', async () => {
    const { client } = await connectOrganization(emulator);
    const nobody = client.person?.('nobody@northwind.example').mail as MailActions;
    await expect(nobody.findLabel('x')).rejects.toMatchObject({ kind: 'not_found' });
  });
});
