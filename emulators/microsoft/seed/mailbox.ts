import { mailbox as gmailbox, userLabels } from '../../google/seed/mail';
import type { Organisation } from '../../google/seed/organisations';
import { randomFrom } from '../../google/seed/random';
import type { Message as GoogleMessage } from '../../google/state';
import type { MailFolder, Message, Store, User } from '../state';
import { guidFor } from './directories';

/** Folders that every mailbox has. Source: https://learn.microsoft.com/graph/api/resources/mailfolder */
const wellKnown = [
  ['inbox', 'Inbox'],
  ['drafts', 'Drafts'],
  ['sentitems', 'Sent Items'],
  ['archive', 'Archive'],
  ['deleteditems', 'Deleted Items'],
  ['junkemail', 'Junk Email'],
  ['outbox', 'Outbox'],
] as const;

/** An id in the form of Outlook's, always the same for the same name. */
export const outlookId = (name: string) => `AAMkA${randomFrom(name).id(60)}=`;

export const folderId = (oid: string, name: string) => outlookId(`folder ${oid} ${name}`);
export const rootFolderId = (oid: string) => folderId(oid, 'msgfolderroot');

function address(header: string | undefined): { name: string; address: string } {
  const [, name, inside] = /^\s*"?([^"<]*?)"?\s*<([^>]+)>/.exec(header ?? '') ?? [];
  const plain = (inside ?? header ?? '').trim();
  return { name: name || plain, address: plain };
}

function folderOf(labels: readonly string[]): string {
  if (labels.includes('INBOX')) return 'inbox';
  if (labels.includes('SENT')) return 'sentitems';
  if (labels.includes('TRASH')) return 'deleteditems';
  return labels.includes('SPAM') ? 'junkemail' : 'archive';
}

/** A message of the other stand-in's generator, as Outlook has it. */
function outlookMessage(
  oid: string,
  seq: number,
  message: GoogleMessage,
  categories: ReadonlyMap<string, string>,
): Message {
  const { id, threadId, labelIds, headers, receivedAt, text, html, attachments } = message;
  const header = (name: string) =>
    headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  return {
    id: outlookId(`message ${oid} ${id}`),
    seq,
    folderId: folderId(oid, folderOf(labelIds)),
    conversationId: outlookId(`conversation ${threadId}`),
    internetMessageId: header('Message-ID') ?? `<${id}@outlook.example>`,
    subject: header('Subject') ?? '',
    from: address(header('From')),
    to: (header('To') ?? '').split(',').filter(Boolean).map(address),
    receivedAt,
    text: html ?? text,
    html: html !== undefined,
    categories: labelIds.flatMap((label) => categories.get(label) ?? []),
    isRead: !labelIds.includes('UNREAD'),
    isDraft: false,
    headers,
    attachments: attachments.map((one) => ({
      id: outlookId(`attachment ${id} ${one.id}`),
      name: one.filename,
      contentType: one.mimeType,
      size: Buffer.byteLength(one.data, 'base64url'),
    })),
  };
}

/** Fill a mailbox that nobody has looked into yet. */
export function seedMailbox(
  store: Store,
  user: User,
  organisation: Organisation,
  now: number,
  count: number,
): void {
  const { oid, upn, displayName, jobTitle } = user;
  const seq = store.nextSeq();
  const folder = (name: string, displayed: string, wellKnownName: string | null): MailFolder => ({
    id: folderId(oid, name),
    seq,
    displayName: displayed,
    wellKnownName,
    parentFolderId: rootFolderId(oid),
  });
  for (const [name, displayed] of wellKnown) {
    store.put('folders', oid, folderId(oid, name), folder(name, displayed, name));
  }
  const labels = userLabels(organisation);
  for (const { name } of labels.slice(0, 1)) {
    store.put('folders', oid, folderId(oid, name), folder(name, name, null));
  }
  const categories = new Map(labels.map(({ id, name }) => [id, name]));
  for (const [index, { name }] of labels.entries()) {
    const id = guidFor(`category ${oid} ${name}`);
    store.put('categories', oid, id, { id, displayName: name, color: `preset${index}` });
  }
  const person = organisation.people.find(({ user: name }) => upn.startsWith(`${name}@`)) ?? {
    user: upn.slice(0, upn.indexOf('@')),
    name: displayName,
    title: jobTitle,
  };
  for (const message of gmailbox(randomFrom(upn), organisation, person, now, count)) {
    const row = outlookMessage(oid, seq, message, categories);
    store.put('messages', oid, row.id, row);
  }
}
