import { randomBytes } from 'node:crypto';
import { invalid } from './errors';
import { headerOf } from './gmail-query';
import { addressesIn, type ParsedMime, parseMime } from './mime';
import type { Account, Message } from './state';
import type { Store } from './store';

export function newGmailId(): string {
  return randomBytes(8).toString('hex');
}

/** Gmail keeps a Message-ID that is well-formed and replaces any other. */
const wellFormed = /^<[^<>@\s]+@[^<>@\s.]+(\.[^<>@\s.]+)+>$/;

function sentHeaders(account: Account, parsed: ParsedMime): [string, string][] {
  const set = new Set(['from', 'message-id', 'date', 'bcc']);
  const own = parsed.headers.filter(([name]) => !set.has(name.toLowerCase()));
  const value = (name: string) =>
    parsed.headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
  const given = value('message-id');
  const kept = wellFormed.test(given);
  return [
    ['Date', value('date') || new Date().toUTCString()],
    ['Message-ID', kept ? given : `<CA${randomBytes(16).toString('hex')}@mail.gmail.com>`],
    ...(given && !kept ? ([['X-Google-Original-Message-ID', given]] as [string, string][]) : []),
    ['From', `${account.name} <${account.email}>`],
    ...own.map(([name, text]): [string, string] => [name, text]),
  ];
}

function threadOf(store: Store, email: string, answers: string): string | null {
  if (!answers) return null;
  const earlier = store
    .all('messages', email)
    .find((message) => headerOf(message, 'Message-ID') === answers);
  return earlier?.threadId ?? null;
}

/** Send: into the sender's SENT, and into the INBOX of every recipient who is emulated too. */
export function sendMessage(
  store: Store,
  account: Account,
  raw: string,
  threadId: string | null,
): Message {
  const parsed = parseMime(Buffer.from(raw, 'base64url'));
  const recipients = new Set(
    parsed.headers
      .filter(([name]) => /^(to|cc|bcc)$/i.test(name))
      .flatMap(([, value]) => addressesIn(value)),
  );
  if (recipients.size === 0) throw invalid('Recipient address required');
  const id = newGmailId();
  const headers = sentHeaders(account, parsed);
  const answers = headers.find(([name]) => name.toLowerCase() === 'in-reply-to')?.[1] ?? '';
  const toSelf = recipients.has(account.email);
  const message: Message = {
    id,
    threadId: threadId ?? threadOf(store, account.email, answers) ?? id,
    labelIds: toSelf ? ['UNREAD', 'SENT', 'INBOX'] : ['SENT'],
    receivedAt: Date.now(),
    headers,
    text: parsed.text,
    ...(parsed.html !== null && { html: parsed.html }),
    attachments: parsed.attachments.map(({ filename, mimeType, content }) => ({
      id: `ANGjdJ${randomBytes(24).toString('base64url')}`,
      filename,
      mimeType,
      data: content.toString('base64url'),
    })),
  };
  store.put('messages', account.email, id, message);
  for (const email of recipients) {
    if (email === account.email || !store.get('accounts', '', email)) continue;
    const received = newGmailId();
    store.put('messages', email, received, {
      ...message,
      id: received,
      threadId: threadOf(store, email, answers) ?? received,
      labelIds: ['UNREAD', 'INBOX', 'CATEGORY_PERSONAL'],
    });
  }
  return message;
}
