import { randomUUID } from 'node:crypto';
import { graphError } from '../errors';
import { outlookId } from '../seed/mailbox';
import type { MailFolder, Message, User } from '../state';

type Party = { readonly name: string; readonly address: string };
const party = ({ name, address }: Party) => ({ emailAddress: { name, address } });

const plain = (text: string) =>
  text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** Source: https://learn.microsoft.com/graph/api/resources/message. @param query `$select`, `$expand` */
export function messageResource(message: Message, query: URLSearchParams) {
  const at = new Date(message.receivedAt).toISOString().replace(/\.\d+/, '');
  const contentType = message.html ? 'html' : 'text';
  return {
    '@odata.etag': `W/"${message.seq}"`,
    id: message.id,
    conversationId: message.conversationId,
    internetMessageId: message.internetMessageId,
    parentFolderId: message.folderId,
    subject: message.subject,
    from: party(message.from),
    sender: party(message.from),
    toRecipients: message.to.map(party),
    ccRecipients: [],
    bccRecipients: [],
    receivedDateTime: at,
    sentDateTime: at,
    createdDateTime: at,
    categories: message.categories,
    isRead: message.isRead,
    isDraft: message.isDraft,
    hasAttachments: message.attachments.length > 0,
    importance: 'normal',
    flag: { flagStatus: 'notFlagged' },
    bodyPreview: plain(message.text).slice(0, 255),
    body: { contentType, content: message.text },
    webLink: `https://outlook.office365.com/owa/?ItemID=${encodeURIComponent(message.id)}&exvsurl=1&viewmodel=ReadMessageItem`,
    // Only on request, as with Graph.
    ...(query.get('$select')?.includes('internetMessageHeaders') && {
      internetMessageHeaders: message.headers.map(([name, value]) => ({ name, value })),
    }),
    ...(query.get('$expand')?.includes('attachments') && {
      attachments: message.attachments.map((one) => ({
        '@odata.type': '#microsoft.graph.fileAttachment',
        ...one,
        isInline: false,
      })),
    }),
  };
}

/** Source: https://learn.microsoft.com/graph/api/resources/mailfolder */
export function folderResource(folder: MailFolder, messages: readonly Message[]) {
  const inside = messages.filter(({ folderId, deleted }) => folderId === folder.id && !deleted);
  return {
    id: folder.id,
    displayName: folder.displayName,
    parentFolderId: folder.parentFolderId,
    childFolderCount: 0,
    totalItemCount: inside.length,
    unreadItemCount: inside.filter(({ isRead }) => !isRead).length,
    isHidden: false,
  };
}

type Json = Readonly<Record<string, unknown>>;
const record = (value: unknown): Json =>
  value !== null && typeof value === 'object' ? (value as Json) : {};

function recipients(value: unknown): Party[] {
  return (Array.isArray(value) ? value : []).map((one) => {
    const { name, address } = record(record(one).emailAddress);
    if (typeof address !== 'string' || !/^[^@\s]+@[^@\s]+$/.test(address)) {
      throw graphError(400, 'ErrorInvalidRecipients', 'At least one recipient is not valid.');
    }
    return { name: typeof name === 'string' ? name : address, address };
  });
}

/** A message that somebody writes; not filed anywhere yet. */
export function writtenMessage(body: Json, author: User, seq: number): Omit<Message, 'folderId'> {
  const { subject, internetMessageId } = body;
  const { contentType, content } = record(body.body);
  const id = outlookId(randomUUID());
  const domain = author.upn.slice(author.upn.indexOf('@') + 1);
  const given = typeof internetMessageId === 'string' ? internetMessageId : null;
  const messageId = given ?? `<${randomUUID()}@${domain}>`;
  return {
    id,
    seq,
    conversationId: outlookId(`conversation ${id}`),
    internetMessageId: messageId,
    subject: typeof subject === 'string' ? subject : '',
    from: { name: author.displayName, address: author.upn },
    to: recipients(body.toRecipients),
    receivedAt: Date.now(),
    text: typeof content === 'string' ? content : '',
    html: typeof contentType === 'string' && contentType.toLowerCase() === 'html',
    categories: [],
    isRead: true,
    isDraft: true,
    headers: [['Message-ID', messageId]],
    attachments: [],
  };
}
