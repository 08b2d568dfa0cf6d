import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { z } from 'zod';
import { ProviderError } from '../contract';
import type {
  LabelRef,
  MailActions,
  MessageHeaders,
  OutgoingMessage,
  SentMessage,
} from '../provider';
import { call, type GoogleApis, pages } from './transport';

/** Most that Gmail returns at once (users.messages.list, `maxResults`). */
const searchPageSize = 500;

const messageList = z.object({
  messages: z.array(z.object({ id: z.string().min(1) })).default([]),
  nextPageToken: z.string().optional(),
});

const labelList = z.object({
  labels: z.array(z.object({ id: z.string().min(1), name: z.string() })).default([]),
});

const sentMessage = z.object({ id: z.string().min(1), threadId: z.string().min(1) });

const header = z.object({ name: z.string(), value: z.string() });
const leaf = z.object({
  filename: z.string().default(''),
  mimeType: z.string().default(''),
  body: z.object({ size: z.number().default(0) }).default({ size: 0 }),
});
const part = leaf.extend({
  parts: z.array(leaf.extend({ parts: z.array(leaf).default([]) })).default([]),
});
const message = sentMessage.extend({
  labelIds: z.array(z.string()).default([]),
  snippet: z.string().default(''),
  /** Milliseconds since the epoch, as a decimal string. */
  internalDate: z.string().regex(/^\d+$/),
  payload: leaf.extend({ headers: z.array(header).default([]), parts: z.array(part).default([]) }),
});

const partFields = 'filename,mimeType,body/size';
/** Attachments as they are nested in practice; never the bodies. */
const messageFields =
  'id,threadId,labelIds,snippet,internalDate,' +
  `payload(headers,${partFields},parts(${partFields},parts(${partFields},parts(${partFields}))))`;

type Leaf = z.output<typeof leaf>;

function leaves(node: Leaf & { readonly parts?: readonly Leaf[] }): Leaf[] {
  return [node, ...(node.parts ?? []).flatMap(leaves)];
}

function headerOf(headers: readonly z.output<typeof header>[], name: string): string | null {
  return headers.find((one) => one.name.toLowerCase() === name)?.value ?? null;
}

function messageHeaders(answer: z.output<typeof message>): MessageHeaders {
  const { headers } = answer.payload;
  return {
    id: answer.id,
    threadId: answer.threadId,
    from: headerOf(headers, 'from') ?? '',
    to: headerOf(headers, 'to') ?? '',
    subject: headerOf(headers, 'subject') ?? '',
    receivedAt: new Date(Number(answer.internalDate)),
    listUnsubscribe: headerOf(headers, 'list-unsubscribe'),
    messageId: headerOf(headers, 'message-id'),
    labelIds: answer.labelIds,
    snippet: answer.snippet,
    attachments: leaves(answer.payload)
      .filter((one) => one.filename !== '')
      .map(({ filename, mimeType, body }) => ({ filename, mimeType, size: body.size })),
  };
}

/** The header that carries the caller's Message-ID where Gmail may not rewrite it. */
const referenceHeader = 'X-Entity-Ref-ID';
/** Gmail replaces a Message-ID it finds malformed and keeps the old one here. */
const replacedHeader = 'X-Google-Original-Message-ID';
const identityHeaders = ['Message-ID', replacedHeader, referenceHeader];
/** How many of the newest sent messages are looked through when the search finds nothing yet. */
const sentLookback = 50;

async function compose(outgoing: OutgoingMessage): Promise<string> {
  const mail = new MailComposer({
    to: [...outgoing.to],
    subject: outgoing.subject,
    text: outgoing.text,
    ...(outgoing.html !== undefined && { html: outgoing.html }),
    messageId: outgoing.messageId,
    headers: { [referenceHeader]: outgoing.messageId },
  });
  return (await mail.compile().build()).toString('base64url');
}

/** Gmail, for the account behind the transport. */
export function googleMail({ gmail }: GoogleApis): MailActions {
  const userId = 'me';

  async function listLabels() {
    const answer = await call('gmail.labels.list', labelList, () =>
      gmail.users.labels.list({ userId }),
    );
    return answer.labels;
  }

  async function findLabel(name: string): Promise<LabelRef | null> {
    const wanted = name.toLowerCase();
    const found = (await listLabels()).find((label) => label.name.toLowerCase() === wanted);
    return found ? { id: found.id, name: found.name, created: false } : null;
  }

  async function createLabel(name: string): Promise<LabelRef> {
    const requestBody = {
      name,
      labelListVisibility: 'labelShow',
      messageListVisibility: 'show',
    };
    const shape = labelList.shape.labels.unwrap().element;
    const label = await call(
      'gmail.labels.create',
      shape,
      () => gmail.users.labels.create({ userId, requestBody }),
      'write',
    );
    return { id: label.id, name: label.name, created: true };
  }

  /** The first message among these whose own headers name the Message-ID. */
  async function firstWithIdentity(
    ids: readonly string[],
    messageId: string,
  ): Promise<SentMessage | null> {
    const shape = sentMessage.extend({
      payload: z.object({ headers: z.array(header).default([]) }),
    });
    for (const id of ids) {
      const found = await call('gmail.messages.get', shape, () =>
        gmail.users.messages.get({
          userId,
          id,
          format: 'metadata',
          metadataHeaders: identityHeaders,
          fields: 'id,threadId,payload/headers',
        }),
      );
      const names = found.payload.headers.map((one) => one.value.trim());
      if (names.includes(messageId)) return { id: found.id, threadId: found.threadId };
    }
    return null;
  }

  return {
    async *searchMessages({ query, limit = 500 }) {
      let left = limit;
      const list = (pageToken: string | undefined) =>
        call('gmail.messages.list', messageList, () =>
          gmail.users.messages.list({
            userId,
            q: query,
            maxResults: Math.min(left, searchPageSize),
            ...(pageToken && { pageToken }),
          }),
        );
      for await (const page of pages(list)) {
        const ids = page.messages.slice(0, left).map(({ id }) => id);
        left -= ids.length;
        if (ids.length > 0) yield ids;
        if (left <= 0) return;
      }
    },

    async getMessage(id) {
      const answer = await call('gmail.messages.get', message, () =>
        gmail.users.messages.get({ userId, id, format: 'full', fields: messageFields }),
      );
      return messageHeaders(answer);
    },

    findLabel,

    async ensureLabel(name) {
      const existing = await findLabel(name);
      if (existing) return existing;
      try {
        return await createLabel(name);
      } catch (error) {
        // Made meanwhile by somebody else, or by an attempt whose answer was lost.
        const made = error instanceof ProviderError ? await findLabel(name) : null;
        if (!made) throw error;
        return made;
      }
    },

    async modifyMessageLabels(id, { add = [], remove = [] }) {
      await call(
        'gmail.messages.modify',
        sentMessage,
        () =>
          gmail.users.messages.modify({
            userId,
            id,
            requestBody: { addLabelIds: [...add], removeLabelIds: [...remove] },
            fields: 'id,threadId',
          }),
        'write',
      );
    },

    async send(outgoing) {
      const raw = await compose(outgoing);
      const { id, threadId } = await call(
        'gmail.messages.send',
        sentMessage,
        () => gmail.users.messages.send({ userId, requestBody: { raw } }),
        'write',
      );
      return { id, threadId };
    },

    async findSentByMessageId(messageId) {
      const bare = messageId.replace(/^<|>$/g, '');
      const searches = [
        { q: `in:sent rfc822msgid:${bare}`, maxResults: 1 },
        // The search index lags behind a send; the label's own listing does not.
        { labelIds: ['SENT'], maxResults: sentLookback },
      ];
      for (const search of searches) {
        const { messages } = await call('gmail.messages.list', messageList, () =>
          gmail.users.messages.list({ userId, ...search }),
        );
        const found = await firstWithIdentity(
          messages.map(({ id }) => id),
          messageId,
        );
        if (found) return found;
      }
      return null;
    },
  };
}
