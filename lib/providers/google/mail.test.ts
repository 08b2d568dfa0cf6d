import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '@/emulators';
import { collect, connectAs } from '@/emulators/testing';
import type { MailActions, OutgoingMessage } from '../provider';

const olivia = 'olivia@northwind.example';
const victor = 'victor@northwind.example';

let emulator: Emulator;
let mail: MailActions;
let serial = 0;

beforeAll(async () => {
  emulator = await startEmulator();
  mail = (await connectAs(emulator, olivia)).client.mail as MailActions;
});
afterEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});
afterAll(() => emulator.close());

function outgoing(change: Partial<OutgoingMessage> = {}): OutgoingMessage {
  serial += 1;
  return {
    to: [olivia],
    subject: `Tagesüberblick ${serial}`,
    text: 'Grüße – a line that is long enough to be broken: '.repeat(5),
    messageId: `<effect-${serial}@tenantry.example>`,
    ...change,
  };
}

async function inMailbox(account: string, messageId: string) {
  const url = new URL('/__mail', emulator.url);
  url.searchParams.set('account', account);
  url.searchParams.set('q', `in:anywhere rfc822msgid:${messageId.slice(1, -1)}`);
  return (await (await fetch(url)).json()) as { labelIds: string[]; subject: string }[];
}

async function firstOf(query: string): Promise<string> {
  const [id] = await collect(mail.searchMessages({ query, limit: 1 }));
  if (!id) throw new Error(`nothing matches ${query}`);
  return id;
}

describe('searching', () => {
  it('gives the matching messages, newest first', async () => {
    const ids = await collect(mail.searchMessages({ query: 'category:promotions' }));
    expect(ids.length).toBeGreaterThan(40);
    const [first, second] = await Promise.all(ids.slice(0, 2).map((id) => mail.getMessage(id)));
    expect(+(first?.receivedAt ?? 0)).toBeGreaterThanOrEqual(+(second?.receivedAt ?? 0));
    expect(first?.labelIds).toContain('CATEGORY_PROMOTIONS');
  });

  it('stops at the limit', async () => {
    expect(await collect(mail.searchMessages({ query: 'in:inbox', limit: 7 }))).toHaveLength(7);
  });

  it('gives nothing for what is not there', async () => {
    expect(await collect(mail.searchMessages({ query: 'subject:unobtainable' }))).toEqual([]);
  });
});

describe('a message', () => {
  it('that is a newsletter says how to leave', async () => {
    const id = await firstOf('from:packet');
    const found = await mail.getMessage(id);
    expect(found.from).toBe('Packet <hello@packet-weekly.example>');
    expect(found.listUnsubscribe).toMatch(/^<https:.+>, <mailto:/);
  });

  it('with an attachment tells its name, type and size, not its content', async () => {
    const id = await firstOf('has:attachment filename:pdf');
    const { attachments, listUnsubscribe } = await mail.getMessage(id);
    expect(attachments).toEqual([
      {
        filename: expect.stringMatching(/^invoice-.*\.pdf$/),
        mimeType: 'application/pdf',
        size: expect.any(Number),
      },
    ]);
    expect(listUnsubscribe).toBeNull();
  });

  it('that is gone is not_found', async () => {
    await expect(mail.getMessage('0000000000000000')).rejects.toMatchObject({ kind: 'not_found' });
  });
});

describe('a label', () => {
  it('is made once, whatever the case of its name', async () => {
    expect(await mail.findLabel('Newsletters')).toBeNull();
    const made = await mail.ensureLabel('Newsletters');
    expect(made).toMatchObject({ name: 'Newsletters', created: true });
    expect(await mail.ensureLabel('newsletters')).toEqual({ ...made, created: false });
  });

  it('whose making was not answered is found again', async () => {
    emulator.fault({ method: 'POST', path: '*/labels', when: 'after', reset: true, times: 1 });
    expect(await mail.ensureLabel('Lost answer')).toMatchObject({ name: 'Lost answer' });
    const posts = emulator.requests({ method: 'POST', path: '/gmail/v1/users/me/labels' });
    expect(posts).toHaveLength(1);
  });

  it('is put on and taken off, and doing it twice changes nothing', async () => {
    const label = await mail.ensureLabel('Read later');
    const id = await firstOf('in:inbox');
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await mail.modifyMessageLabels(id, { add: [label.id], remove: ['INBOX'] });
    }
    const { labelIds } = await mail.getMessage(id);
    expect(labelIds.filter((one) => one === label.id)).toHaveLength(1);
    expect(labelIds).not.toContain('INBOX');
  });

  it('that does not exist is an invalid request', async () => {
    const id = await firstOf('in:inbox');
    await expect(mail.modifyMessageLabels(id, { add: ['Label_nowhere'] })).rejects.toMatchObject({
      kind: 'invalid_request',
      retryable: false,
    });
  });
});

describe('sending', () => {
  it('puts the message into the recipient’s inbox, readable as written', async () => {
    const message = outgoing({ to: [victor], html: '<p>Grüße</p>' });
    const sent = await mail.send(message);
    expect(await inMailbox(olivia, message.messageId)).toMatchObject([{ labelIds: ['SENT'] }]);
    expect(await inMailbox(victor, message.messageId)).toMatchObject([
      { subject: message.subject, labelIds: expect.arrayContaining(['INBOX', 'UNREAD']) },
    ]);
    const own = await mail.getMessage(sent.id);
    expect(own).toMatchObject({
      from: 'Olivia Marsh <olivia@northwind.example>',
      subject: message.subject,
      messageId: message.messageId,
    });
    expect(own.snippet).toContain('Grüße – a line');
  });

  it('is found again by its Message-ID', async () => {
    const message = outgoing();
    const sent = await mail.send(message);
    expect(await mail.findSentByMessageId(message.messageId)).toEqual(sent);
  });

  it('whose answer was lost is ambiguous, and was made once', async () => {
    const message = outgoing();
    emulator.fault({ path: '*/messages/send', when: 'after', reset: true, times: 1 });
    await expect(mail.send(message)).rejects.toMatchObject({
      kind: 'temporarily_unavailable',
      ambiguous: true,
    });
    expect(await mail.findSentByMessageId(message.messageId)).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(await inMailbox(olivia, message.messageId)).toHaveLength(1);
  });

  it('that never arrived is not found', async () => {
    const message = outgoing();
    emulator.fault({ path: '*/messages/send', reset: true, times: 1 });
    await expect(mail.send(message)).rejects.toMatchObject({ ambiguous: true });
    expect(await mail.findSentByMessageId(message.messageId)).toBeNull();
  });

  it('that was refused is not ambiguous', async () => {
    await expect(mail.send(outgoing({ to: [] }))).rejects.toMatchObject({
      kind: 'invalid_request',
      ambiguous: false,
    });
  });

  it('is found although Gmail replaced its Message-ID', async () => {
    const message = outgoing({ messageId: '<no-dot-in-the-domain@tenantry>' });
    const sent = await mail.send(message);
    expect((await mail.getMessage(sent.id)).messageId).toMatch(/@mail\.gmail\.com>$/);
    expect(await mail.findSentByMessageId(message.messageId)).toEqual(sent);
  });

  it('cannot be bent into further headers', async () => {
    const sent = await mail.send(outgoing({ subject: 'Hello\r\nBcc: vera@fabrikam.example' }));
    const { subject } = await mail.getMessage(sent.id);
    expect(subject).toContain('Hello');
    expect(await inMailbox('vera@fabrikam.example', `<effect-${serial}@tenantry.example>`)).toEqual(
      [],
    );
  });
});
