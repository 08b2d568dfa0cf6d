import { z } from 'zod';
import { ProviderError } from '../contract';
import type { LabelRef, MailActions, MessageHeaders, SentMessage } from '../provider';
import { type Graph, nothing } from './graph';

/** How people and other providers call the inbox: a message is archived by taking this label off. */
export const inboxLabel = 'INBOX';

/** Most that a search gives at once (https://learn.microsoft.com/graph/api/user-list-messages). */
const searchPageSize = 250;

const read = ['Mail.ReadWrite', 'Mail.Read'] as const;
const write = ['Mail.ReadWrite'] as const;

const address = z.object({
  emailAddress: z.object({ name: z.string().nullish(), address: z.string().nullish() }),
});

const headers = z.array(z.object({ name: z.string(), value: z.string() }));

const message = z.object({
  id: z.string().min(1),
  conversationId: z.string().nullish(),
  internetMessageId: z.string().nullish(),
  subject: z.string().nullish(),
  from: address.nullish(),
  toRecipients: z.array(address).default([]),
  receivedDateTime: z.iso.datetime({ offset: true }),
  categories: z.array(z.string()).default([]),
  parentFolderId: z.string().nullish(),
  bodyPreview: z.string().nullish(),
  internetMessageHeaders: headers.default([]),
  attachments: z
    .array(
      z.object({
        name: z.string().nullish(),
        contentType: z.string().nullish(),
        size: z.number().default(0),
      }),
    )
    .default([]),
});

const messageFields =
  'id,conversationId,internetMessageId,subject,from,toRecipients,receivedDateTime,categories,' +
  'parentFolderId,bodyPreview,internetMessageHeaders';

const filed = z.object({
  categories: z.array(z.string()).default([]),
  parentFolderId: z.string().nullish(),
});

const sent = z.object({
  id: z.string().min(1),
  conversationId: z.string().nullish(),
  isDraft: z.boolean().default(false),
});

const category = z.object({ displayName: z.string().min(1) });

function spelled({ emailAddress: { name, address: at } }: z.output<typeof address>): string {
  if (!at) return name ?? '';
  return name && name !== at ? `${name} <${at}>` : at;
}

function messageHeaders(answer: z.output<typeof message>, inbox: string): MessageHeaders {
  const header = (name: string) =>
    answer.internetMessageHeaders.find((one) => one.name.toLowerCase() === name)?.value ?? null;
  return {
    id: answer.id,
    threadId: answer.conversationId ?? answer.id,
    from: answer.from ? spelled(answer.from) : '',
    to: answer.toRecipients.map(spelled).join(', '),
    subject: answer.subject ?? '',
    receivedAt: new Date(answer.receivedDateTime),
    listUnsubscribe: header('list-unsubscribe'),
    messageId: answer.internetMessageId ?? header('message-id'),
    labelIds: [...(answer.parentFolderId === inbox ? [inboxLabel] : []), ...answer.categories],
    snippet: answer.bodyPreview ?? '',
    attachments: answer.attachments.map(({ name, contentType, size }) => ({
      filename: name ?? '',
      mimeType: contentType ?? '',
      size,
    })),
  };
}

/** In the quotes that `$search` demands (https://learn.microsoft.com/graph/search-query-parameter). */
const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** OData doubles an apostrophe. */
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/**
 * Outlook, for one mailbox. Its labels are Outlook's categories, which messages carry by name, and
 * the inbox.
 * @param base `/me`, or what stands for one of an organisation's people
 */
export function microsoftMail(graph: Graph, base: string): MailActions {
  let inbox: Promise<string> | undefined;

  function inboxId(): Promise<string> {
    inbox ??= graph
      .get(`${base}/mailFolders/inbox`, z.object({ id: z.string().min(1) }), {
        query: { $select: 'id' },
        takes: read,
      })
      .then(({ id }) => id)
      .catch((error: unknown) => {
        inbox = undefined;
        throw error;
      });
    return inbox;
  }

  async function findLabel(name: string): Promise<LabelRef | null> {
    const wanted = name.toLowerCase();
    const path = `${base}/outlook/masterCategories`;
    const takes = ['MailboxSettings.ReadWrite', 'MailboxSettings.Read'];
    for await (const { items } of graph.pages(path, category, { takes })) {
      const found = items.find((one) => one.displayName.toLowerCase() === wanted);
      if (found) return { id: found.displayName, name: found.displayName, created: false };
    }
    return null;
  }

  async function move(id: string, destinationId: string): Promise<void> {
    await graph.send(`${base}/messages/${encodeURIComponent(id)}/move`, nothing, {
      body: { destinationId },
      takes: write,
    });
  }

  async function findSent(messageId: string): Promise<SentMessage | null> {
    const { items } = await graph.page(`${base}/messages`, sent, {
      query: {
        $filter: `internetMessageId eq ${literal(messageId)}`,
        $select: 'id,conversationId,isDraft',
      },
      takes: read,
    });
    const found = items.find(({ isDraft }) => !isDraft);
    return found ? { id: found.id, threadId: found.conversationId ?? found.id } : null;
  }

  return {
    async *searchMessages({ query, limit = 500 }) {
      let left = limit;
      const pages = graph.pages(`${base}/messages`, z.object({ id: z.string().min(1) }), {
        query: {
          ...(query.trim() === ''
            ? { $orderby: 'receivedDateTime desc' }
            : { $search: quoted(query) }),
          $select: 'id',
          $top: Math.min(left, searchPageSize),
        },
        takes: read,
      });
      for await (const { items } of pages) {
        const ids = items.slice(0, left).map(({ id }) => id);
        left -= ids.length;
        if (ids.length > 0) yield ids;
        if (left <= 0) return;
      }
    },

    async getMessage(id) {
      const inboxFolder = await inboxId();
      const answer = await graph.get(`${base}/messages/${encodeURIComponent(id)}`, message, {
        query: { $select: messageFields, $expand: 'attachments($select=id,name,contentType,size)' },
        takes: read,
      });
      return messageHeaders(answer, inboxFolder);
    },

    findLabel,

    async ensureLabel(name) {
      const existing = await findLabel(name);
      if (existing) return existing;
      try {
        const made = await graph.send(`${base}/outlook/masterCategories`, category, {
          body: { displayName: name, color: 'preset0' },
          takes: ['MailboxSettings.ReadWrite'],
        });
        return { id: made.displayName, name: made.displayName, created: true };
      } catch (error) {
        // Made meanwhile by somebody else, or by an attempt whose answer was lost.
        const made = error instanceof ProviderError ? await findLabel(name) : null;
        if (!made) throw error;
        return made;
      }
    },

    async modifyMessageLabels(id, { add = [], remove = [] }) {
      const path = `${base}/messages/${encodeURIComponent(id)}`;
      const now = await graph.get(path, filed, {
        query: { $select: 'id,categories,parentFolderId' },
        takes: read,
      });
      const kept = now.categories.filter((one) => !remove.includes(one));
      const added = add.filter((one) => one !== inboxLabel && !kept.includes(one));
      const categories = [...kept, ...added];
      if (added.length > 0 || kept.length < now.categories.length) {
        await graph.send(path, nothing, { method: 'PATCH', body: { categories }, takes: write });
      }
      const out = remove.includes(inboxLabel);
      if (!out && !add.includes(inboxLabel)) return;
      const isInside = now.parentFolderId === (await inboxId());
      if (out && isInside) await move(id, 'archive');
      if (!out && !isInside) await move(id, 'inbox');
    },

    async send({ to, subject, text, html, messageId }) {
      await graph.send(`${base}/sendMail`, nothing, {
        body: {
          message: {
            subject,
            body: { contentType: html === undefined ? 'text' : 'html', content: html ?? text },
            toRecipients: to.map((one) => ({ emailAddress: { address: one } })),
            internetMessageId: messageId,
          },
          saveToSentItems: true,
        },
        takes: ['Mail.Send'],
      });
      // Microsoft accepts a mail without saying what it became; it may not be filed yet.
      const filedAs = await findSent(messageId).catch(() => null);
      return filedAs ?? { id: messageId, threadId: messageId };
    },

    findSentByMessageId: findSent,
  };
}
