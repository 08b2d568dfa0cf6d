import { z } from 'zod';
import { type ApiCall, type App, apiRoutes } from './api';
import { conflict, invalid, mailSwitchedOff, notFound } from './errors';
import { messageResource } from './gmail-message';
import { compileQuery } from './gmail-query';
import { newGmailId, sendMessage } from './gmail-send';
import { ordered, page, pageSize } from './paging';
import { accepted } from './scopes';
import type { Label, Message } from './state';
import type { Store } from './store';

/** Newest first, as text that sorts so. */
export const messageOrder = ({ receivedAt, id }: Message) =>
  `${String(9_999_999_999_999 - receivedAt).padStart(13, '0')}${id}`;

function found<Row>(row: Row | undefined): Row {
  if (!row) throw notFound();
  return row;
}

function labelOf({ store, account, params }: ApiCall): Label {
  return found(store.get('labels', account.email, params.id ?? ''));
}

function messageOf({ store, account, params }: ApiCall): Message {
  return found(store.get('messages', account.email, params.id ?? ''));
}

function labelWithCounts({ store, account }: ApiCall, label: Label) {
  const inside = store
    .all('messages', account.email)
    .filter(({ labelIds }) => labelIds.includes(label.id));
  const unread = inside.filter(({ labelIds }) => labelIds.includes('UNREAD'));
  const threads = (messages: readonly Message[]) =>
    new Set(messages.map(({ threadId }) => threadId)).size;
  return {
    ...label,
    messageListVisibility: 'show',
    labelListVisibility: 'labelShow',
    messagesTotal: inside.length,
    messagesUnread: unread.length,
    threadsTotal: threads(inside),
    threadsUnread: threads(unread),
  };
}

const newLabel = z.object({
  name: z.string().trim().min(1).max(225),
  color: z.object({ backgroundColor: z.string(), textColor: z.string() }).optional(),
});

function createLabel({ store, account, body }: ApiCall): Label {
  const parsed = newLabel.safeParse(body);
  if (!parsed.success) throw invalid('Invalid label name');
  const { name, color } = parsed.data;
  const taken = store
    .all('labels', account.email)
    .some((label) => label.name.toLowerCase() === name.toLowerCase());
  if (taken) throw conflict('Label name exists or conflicts', 'aborted', 'ABORTED');
  const label: Label = {
    id: `Label_${newGmailId()}`,
    name,
    type: 'user',
    ...(color && { color }),
  };
  store.put('labels', account.email, label.id, label);
  return label;
}

function deleteLabel(call: ApiCall): undefined {
  const label = labelOf(call);
  if (label.type === 'system') throw invalid('Invalid delete request');
  const { store, account } = call;
  for (const message of store.all('messages', account.email)) {
    if (message.labelIds.includes(label.id)) relabel(call, message, [], [label.id]);
  }
  store.delete('labels', account.email, label.id);
}

function listMessages({ store, account, query }: ApiCall) {
  const q = query.get('q') ?? '';
  const labelIds = query.getAll('labelIds');
  const everywhere =
    query.get('includeSpamTrash') === 'true' || /\bin:(anywhere|spam|trash)\b/i.test(q);
  const context = { labels: store.all('labels', account.email), now: Date.now() };
  const matches = compileQuery(q);
  const rows = store
    .all('messages', account.email)
    .filter(
      (message) =>
        labelIds.every((id) => message.labelIds.includes(id)) &&
        (everywhere || !message.labelIds.some((id) => id === 'SPAM' || id === 'TRASH')) &&
        matches(message, context),
    );
  const question = JSON.stringify(['messages', account.email, q, labelIds, everywhere]);
  const size = pageSize(query.get('maxResults'), 100, 500);
  const listed = ordered(rows, messageOrder);
  const { rows: given, nextPageToken } = page(
    listed,
    messageOrder,
    size,
    query.get('pageToken'),
    question,
  );
  return {
    // Google leaves `messages` out when there are none.
    ...(given.length > 0 && { messages: given.map(({ id, threadId }) => ({ id, threadId })) }),
    ...(nextPageToken && { nextPageToken }),
    resultSizeEstimate: rows.length,
  };
}

const labelChange = z.object({
  addLabelIds: z.array(z.string()).max(100).default([]),
  removeLabelIds: z.array(z.string()).max(100).default([]),
});

function readChange({ store, account, body }: ApiCall): [add: string[], remove: string[]] {
  const parsed = labelChange.safeParse(body);
  if (!parsed.success) throw invalid('Invalid value for labels');
  const { addLabelIds, removeLabelIds } = parsed.data;
  const known = (id: string) => store.get('labels', account.email, id) !== undefined;
  const unknown = [...addLabelIds, ...removeLabelIds].find((id) => !known(id));
  if (unknown !== undefined) throw invalid(`Invalid label: ${unknown}`);
  return [addLabelIds, removeLabelIds];
}

function relabel(
  { store, account }: ApiCall,
  message: Message,
  add: readonly string[],
  remove: readonly string[],
): Message {
  const labelIds = [...new Set([...message.labelIds, ...add])].filter((id) => !remove.includes(id));
  const changed = { ...message, labelIds };
  store.put('messages', account.email, message.id, changed);
  return changed;
}

function modifyMessage(call: ApiCall) {
  const message = messageOf(call);
  return messageResource(relabel(call, message, ...readChange(call)), 'minimal', []);
}

function batchModify(call: ApiCall): undefined {
  const ids = z.array(z.string()).max(1_000).safeParse(call.body.ids);
  if (!ids.success) throw invalid('Invalid ids');
  const change = readChange(call);
  for (const id of ids.data) {
    const message = call.store.get('messages', call.account.email, id);
    if (message) relabel(call, message, ...change);
  }
}

function send({ store, account, body }: ApiCall) {
  if (typeof body.raw !== 'string' || body.raw === '') throw invalid("'raw' RFC822 is required");
  const thread = typeof body.threadId === 'string' ? body.threadId : null;
  const { id, threadId, labelIds } = sendMessage(store, account, body.raw, thread);
  return { id, threadId, labelIds };
}

function attachment(call: ApiCall) {
  const message = found(
    call.store.get('messages', call.account.email, call.params.messageId ?? ''),
  );
  const { data } = found(message.attachments.find(({ id }) => id === call.params.id));
  return { size: Buffer.byteLength(data, 'base64url'), data };
}

function profile({ store, account }: ApiCall) {
  const messages = store.all('messages', account.email);
  return {
    emailAddress: account.email,
    messagesTotal: messages.length,
    threadsTotal: new Set(messages.map(({ threadId }) => threadId)).size,
    historyId: String(Math.max(0, ...messages.map(({ receivedAt }) => receivedAt))),
  };
}

/** The Gmail API, v1, as far as the adapter goes. */
export function gmailRoutes(app: App, store: Store): void {
  const anybody = apiRoutes(app, store);
  const route: typeof anybody = (method, path, scopes, handler) =>
    anybody(method, path, scopes, (call) => {
      if (call.account.gmail === false) throw mailSwitchedOff();
      return handler(call);
    });
  const user = '/gmail/v1/users/:userId';
  route('get', `${user}/profile`, accepted.gmailProfile, profile);
  route('get', `${user}/labels`, accepted.gmailLabelsRead, (call) => ({
    labels: call.store.all('labels', call.account.email),
  }));
  route('get', `${user}/labels/:id`, accepted.gmailLabelsRead, (call) =>
    labelWithCounts(call, labelOf(call)),
  );
  route('post', `${user}/labels`, accepted.gmailLabelsWrite, createLabel);
  route('delete', `${user}/labels/:id`, accepted.gmailLabelsWrite, deleteLabel);
  route('get', `${user}/messages`, accepted.gmailRead, listMessages);
  route('post', `${user}/messages/send`, accepted.gmailSend, send);
  route('post', `${user}/messages/batchModify`, accepted.gmailModify, batchModify);
  route('get', `${user}/messages/:id`, accepted.gmailRead, (call) =>
    messageResource(
      messageOf(call),
      call.query.get('format') ?? 'full',
      call.query.getAll('metadataHeaders'),
    ),
  );
  route('post', `${user}/messages/:id/modify`, accepted.gmailModify, modifyMessage);
  route(
    'get',
    `${user}/messages/:messageId/attachments/:id`,
    accepted.gmailAttachments,
    attachment,
  );
}
