import { graphError } from '../errors';
import type { App } from '../login';
import { folderId, outlookId } from '../seed/mailbox';
import type { Message, Store } from '../state';
import { type Access, graphRoutes, type PersonCall, requireMailbox } from './api';
import { findMessage, type OpenMailbox, writeMail } from './mail';
import { messageResource, writtenMessage } from './mail-message';

const sendMail: Access = {
  family: 'outlook',
  delegated: ['Mail.Send'],
  application: ['Mail.Send'],
};

const accepted = () => new Response(null, { status: 202 });

/** File a message among the sent ones, and bring it to those who have a mailbox here. */
function dispatch(call: PersonCall, message: Message, open: OpenMailbox, keep: boolean): void {
  const { store, owner } = call;
  if (message.to.length === 0) {
    throw graphError(400, 'ErrorInvalidRecipients', 'At least one recipient is required.');
  }
  const seq = store.nextSeq();
  const sent = { ...message, seq, isDraft: false, receivedAt: Date.now() };
  if (keep) {
    const folder = folderId(owner.oid, 'sentitems');
    store.put('messages', owner.oid, message.id, { ...sent, folderId: folder });
  } else {
    store.delete('messages', owner.oid, message.id);
  }
  for (const { address } of message.to) {
    for (const { tid } of store.all('directories', '')) {
      const user = store.people(tid).find(({ upn }) => upn === address.toLowerCase());
      if (!user?.licensed) continue;
      open({ ...call, tid, owner: user });
      const copy = outlookId(`copy ${message.id} ${user.oid}`);
      const folder = folderId(user.oid, 'inbox');
      store.put('messages', user.oid, copy, { ...sent, id: copy, folderId: folder, isRead: false });
    }
  }
}

function sendNow(call: PersonCall, open: OpenMailbox): Response {
  const { store, owner, body } = call;
  const { message, saveToSentItems = true } = body;
  if (message === null || typeof message !== 'object') {
    throw graphError(400, 'ErrorInvalidRequest', "The parameter 'Message' is required.");
  }
  const written = writtenMessage(message as Record<string, unknown>, owner, store.nextSeq());
  const outbox = folderId(owner.oid, 'outbox');
  dispatch(call, { ...written, folderId: outbox }, open, saveToSentItems !== false);
  return accepted();
}

function createDraft({ store, owner, body, query }: PersonCall): Response {
  const written = writtenMessage(body, owner, store.nextSeq());
  const draft = { ...written, folderId: folderId(owner.oid, 'drafts') };
  store.put('messages', owner.oid, draft.id, draft);
  return Response.json(messageResource(draft, query), { status: 201 });
}

function sendDraft(call: PersonCall, open: OpenMailbox): Response {
  const message = findMessage(call);
  if (!message.isDraft) {
    throw graphError(400, 'ErrorInvalidRequest', 'Only a draft can be sent.');
  }
  dispatch(call, message, open, true);
  return accepted();
}

/** Writing mail: at once, or as a draft that is sent later. Source: https://learn.microsoft.com/graph/api/user-sendmail */
export function mailSendRoutes(app: App, store: Store, baseUrl: string, open: OpenMailbox): void {
  const { personal } = graphRoutes(app, store, baseUrl);
  const mail: typeof personal = (method, path, access, handler) =>
    personal(method, path, access, (call) => {
      requireMailbox(call.owner);
      open(call);
      return handler(call);
    });
  mail('post', '/sendMail', sendMail, (call) => sendNow(call, open));
  mail('post', '/messages', writeMail, createDraft);
  mail('post', '/messages/:message/send', sendMail, (call) => sendDraft(call, open));
}
