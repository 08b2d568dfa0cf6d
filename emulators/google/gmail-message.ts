import { headerOf } from './gmail-query';
import type { Attachment, Message } from './state';

type Header = { readonly name: string; readonly value: string };

interface Part {
  readonly partId: string;
  readonly mimeType: string;
  readonly filename: string;
  readonly headers: readonly Header[];
  readonly body: {
    readonly size: number;
    readonly data?: string;
    readonly attachmentId?: string;
  };
  readonly parts?: readonly Part[];
}

function container(partId: string, mimeType: string, parts: readonly Part[]): Part {
  return { partId, mimeType, filename: '', headers: [], body: { size: 0 }, parts };
}

function textPart(partId: string, mimeType: string, content: string): Part {
  const bytes = Buffer.from(content);
  const headers = [{ name: 'Content-Type', value: `${mimeType}; charset="UTF-8"` }];
  const body = { size: bytes.length, data: bytes.toString('base64url') };
  return { partId, mimeType, filename: '', headers, body };
}

function attachmentPart(partId: string, { id, filename, mimeType, data }: Attachment): Part {
  const headers = [
    { name: 'Content-Type', value: `${mimeType}; name="${filename}"` },
    { name: 'Content-Disposition', value: `attachment; filename="${filename}"` },
  ];
  const size = Buffer.byteLength(data, 'base64url');
  return { partId, mimeType, filename, headers, body: { size, attachmentId: id } };
}

function bodyPart(partId: string, { text, html }: Message): Part {
  if (html === undefined) return textPart(partId, 'text/plain', text);
  const below = (n: number) => (partId ? `${partId}.${n}` : String(n));
  return container(partId, 'multipart/alternative', [
    textPart(below(0), 'text/plain', text),
    textPart(below(1), 'text/html', html),
  ]);
}

function payload(message: Message): Part {
  const { attachments } = message;
  const root =
    attachments.length === 0
      ? bodyPart('', message)
      : container('', 'multipart/mixed', [
          bodyPart('0', message),
          ...attachments.map((one, index) => attachmentPart(String(index + 1), one)),
        ]);
  const own = message.headers.map(([name, value]) => ({ name, value }));
  return { ...root, headers: [...own, ...root.headers] };
}

export function sizeOf({ text, html, attachments, headers }: Message): number {
  const heads = headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
  const files = attachments.reduce((sum, { data }) => sum + Math.ceil(data.length * 1.02), 0);
  return heads + text.length + (html?.length ?? 0) + files;
}

/** A users.messages resource in one of its formats. */
export function messageResource(message: Message, format: string, only: readonly string[]) {
  const base = {
    id: message.id,
    threadId: message.threadId,
    labelIds: message.labelIds,
    snippet: message.text.replace(/\s+/g, ' ').trim().slice(0, 160),
    sizeEstimate: sizeOf(message),
    historyId: String(message.receivedAt),
    internalDate: String(message.receivedAt),
  };
  if (format === 'minimal') return base;
  const full = payload(message);
  if (format !== 'metadata') return { ...base, payload: full };
  const wanted = new Set(only.map((name) => name.toLowerCase()));
  const headers = full.headers.filter(
    ({ name }) => wanted.size === 0 || wanted.has(name.toLowerCase()),
  );
  return { ...base, payload: { mimeType: full.mimeType, headers } };
}

/** For the control endpoint: what a person would see in the list. */
export function messageSummary(message: Message) {
  return {
    id: message.id,
    threadId: message.threadId,
    labelIds: message.labelIds,
    from: headerOf(message, 'From'),
    to: headerOf(message, 'To'),
    subject: headerOf(message, 'Subject'),
    messageId: headerOf(message, 'Message-ID'),
    receivedAt: new Date(message.receivedAt).toISOString(),
  };
}
