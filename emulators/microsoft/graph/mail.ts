import { badRequest, graphError, noItem } from '../errors';
import type { App } from '../login';
import type { Message, Store } from '../state';
import { type Access, graphRoutes, type PersonCall, requireMailbox } from './api';
import { delta, goneFor } from './delta';
import { folderResource, messageResource } from './mail-message';
import { compileFilter, compileSearch } from './mail-query';
import { collection, ordered, page, top } from './odata';

const outlook = { family: 'outlook' } as const;
const readMail: Access = {
  ...outlook,
  delegated: ['Mail.ReadBasic', 'Mail.Read', 'Mail.ReadWrite'],
  application: ['Mail.ReadBasic.All', 'Mail.Read', 'Mail.ReadWrite'],
};
export const writeMail: Access = {
  ...outlook,
  delegated: ['Mail.ReadWrite'],
  application: ['Mail.ReadWrite'],
};
const readSettings: Access = {
  ...outlook,
  delegated: ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'],
  application: ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'],
};
const writeSettings: Access = {
  ...outlook,
  delegated: ['MailboxSettings.ReadWrite'],
  application: ['MailboxSettings.ReadWrite'],
};

/** Fills somebody's mailbox when it is first looked at. @throws Refused where there is none */
export type OpenMailbox = (call: PersonCall) => void;

/** By id or by well-known name. */
export function findFolder({ store, owner }: PersonCall, name: string) {
  const folders = store.all('folders', owner.oid).filter(({ deleted }) => !deleted);
  const wanted = name.toLowerCase();
  const found = folders.find(({ id, wellKnownName }) => id === name || wellKnownName === wanted);
  if (!found) throw noItem();
  return found;
}

export function findMessage({ store, owner, params }: PersonCall): Message {
  const found = store.get('messages', owner.oid, params.message ?? '');
  if (!found || found.deleted) throw noItem();
  return found;
}

const present = (store: Store, oid: string) =>
  store.all('messages', oid).filter(({ deleted }) => !deleted);

/** What a listing asks for; `$search` goes with neither filter nor order, as at Graph. */
function question({ query }: PersonCall) {
  const search = query.get('$search');
  const filter = query.get('$filter');
  const order = query.get('$orderby');
  if (search && (filter || order)) {
    const [code, what] = filter
      ? ['SearchWithFilter', "'$filter'"]
      : ['SearchWithOrderBy', "'$orderBy'"];
    throw badRequest(`The query parameter ${what} is not supported with '$search'.`, code);
  }
  const oldestFirst = order ? /^receivedDateTime(?:\s+(asc|desc))?$/i.exec(order.trim()) : null;
  if (order && !oldestFirst)
    throw badRequest(`Could not order by '${order}'.`, 'ErrorInvalidRequest');
  const matches = search ? compileSearch(search) : filter ? compileFilter(filter) : () => true;
  return { matches, ascending: oldestFirst !== null && !/desc/i.test(oldestFirst[1] ?? '') };
}

function listMessages(call: PersonCall, folder?: string) {
  const { store, owner, query } = call;
  const { matches, ascending } = question(call);
  const keyOf = ({ receivedAt, id }: Message) =>
    `${String(ascending ? receivedAt : 9e12 - receivedAt).padStart(14, '0')} ${id}`;
  const rows = ordered(
    present(store, owner.oid).filter(
      (one) => (folder === undefined || one.folderId === folder) && matches(one),
    ),
    keyOf,
  );
  const given = page(call, rows, keyOf, top(call, 10, 1_000));
  return collection(given, (message) => messageResource(message, query));
}

function listFolders(call: PersonCall) {
  const { store, owner } = call;
  const messages = store.all('messages', owner.oid);
  const folders = store.all('folders', owner.oid).filter(({ deleted }) => !deleted);
  const keyOf = ({ displayName, id }: { displayName: string; id: string }) =>
    `${displayName} ${id}`;
  const given = page(call, ordered(folders, keyOf), keyOf, top(call, 10, 1_000));
  return collection(given, (folder) => folderResource(folder, messages));
}

const expiredSync = { expired: goneFor('SyncStateNotFound', '$deltatoken') };
const removed = ({ id }: { id: string }) => ({ id, '@removed': { reason: 'deleted' } });

function foldersDelta(call: PersonCall) {
  const { store, owner } = call;
  const messages = store.all('messages', owner.oid);
  return delta(
    call,
    store.all('folders', owner.oid),
    100,
    (folder) => folderResource(folder, messages),
    removed,
    expiredSync,
  );
}

function messagesDelta(call: PersonCall) {
  const { store, owner, query } = call;
  const folder = findFolder(call, call.params.folder ?? '');
  const rows = store.all('messages', owner.oid).filter(({ folderId }) => folderId === folder.id);
  return delta(call, rows, 50, (one) => messageResource(one, query), removed, expiredSync);
}

function patchMessage(call: PersonCall) {
  const { store, owner, body, query } = call;
  const message = findMessage(call);
  const { categories, isRead } = body;
  if (
    categories !== undefined &&
    !(Array.isArray(categories) && categories.every((one) => typeof one === 'string'))
  ) {
    throw badRequest("Property 'categories' has an invalid value.", 'RequestBodyRead');
  }
  const changed: Message = {
    ...message,
    seq: store.nextSeq(),
    ...(Array.isArray(categories) && { categories }),
    ...(typeof isRead === 'boolean' && { isRead }),
  };
  store.put('messages', owner.oid, message.id, changed);
  return messageResource(changed, query);
}

/** The message keeps its id, which is what `Prefer: IdType="ImmutableId"` promises. */
function moveMessage(call: PersonCall) {
  const { store, owner, body, query } = call;
  const message = findMessage(call);
  const target = findFolder(call, String(body.destinationId ?? ''));
  const moved = { ...message, folderId: target.id, seq: store.nextSeq() };
  store.put('messages', owner.oid, message.id, moved);
  return Response.json(messageResource(moved, query), { status: 201 });
}

function createCategory({ store, owner, body }: PersonCall) {
  const { displayName, color = 'none' } = body;
  if (typeof displayName !== 'string' || displayName.trim() === '') {
    throw badRequest("Property 'displayName' is required.", 'ErrorInvalidArgument');
  }
  const same = store
    .all('categories', owner.oid)
    .some((one) => one.displayName.toLowerCase() === displayName.toLowerCase());
  if (same) throw graphError(409, 'ErrorIrresolvableConflict', 'A category of that name exists.');
  const id = crypto.randomUUID();
  const made = { id, displayName, color: String(color) };
  store.put('categories', owner.oid, id, made);
  return Response.json(made, { status: 201 });
}

/** Outlook's mail, as far as the adapter goes; sending is beside it. */
export function mailRoutes(app: App, store: Store, baseUrl: string, open: OpenMailbox): void {
  const { personal } = graphRoutes(app, store, baseUrl);
  const mail: typeof personal = (method, path, access, handler) =>
    personal(method, path, access, (call) => {
      requireMailbox(call.owner);
      open(call);
      return handler(call);
    });
  mail('get', '/mailFolders', readMail, listFolders);
  mail('get', '/mailFolders/delta', readMail, foldersDelta);
  mail('get', '/mailFolders/:folder', readMail, (call) =>
    folderResource(
      findFolder(call, call.params.folder ?? ''),
      call.store.all('messages', call.owner.oid),
    ),
  );
  mail('get', '/mailFolders/:folder/messages', readMail, (call) =>
    listMessages(call, findFolder(call, call.params.folder ?? '').id),
  );
  mail('get', '/mailFolders/:folder/messages/delta', readMail, messagesDelta);
  mail('get', '/messages', readMail, (call) => listMessages(call));
  mail('get', '/messages/:message', readMail, (call) =>
    messageResource(findMessage(call), call.query),
  );
  mail('patch', '/messages/:message', writeMail, patchMessage);
  mail('post', '/messages/:message/move', writeMail, moveMessage);
  mail('get', '/outlook/masterCategories', readSettings, (call) => ({
    value: call.store.all('categories', call.owner.oid),
  }));
  mail('post', '/outlook/masterCategories', writeSettings, createCategory);
}
