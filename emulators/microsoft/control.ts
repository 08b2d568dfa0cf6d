import { z } from 'zod';
import { lifecycleEvents, sendChange, sendLifecycle, subscriptionsOf } from './notifications';
import { guidFor } from './seed/directories';
import type { Store } from './state';

const userRequest = z.strictObject({
  account: z.email().toLowerCase(),
  displayName: z.string().min(1).optional(),
  deleted: z.boolean().default(false),
});

/** Change, add or remove somebody of the directory that has the address's domain. */
function changeUser(store: Store, given: unknown): Response {
  const { account, displayName = account, deleted } = userRequest.parse(given);
  const directory = store.directory(account.slice(account.indexOf('@') + 1));
  if (!directory) return Response.json({ error: 'no such directory' }, { status: 404 });
  const oid = guidFor(account);
  const known = store.get('users', directory.tid, oid)?.user;
  const [givenName = '', ...rest] = displayName.split(' ');
  const user = {
    ...{ oid, upn: account, jobTitle: '', roles: [], licensed: true },
    ...known,
    ...{ displayName, givenName, surname: rest.join(' ') },
  };
  store.put('users', directory.tid, oid, { id: oid, seq: store.nextSeq(), user, deleted });
  store.commit();
  return new Response(null, { status: 204 });
}

const notificationRequest = z.strictObject({
  /** An address, or a directory's id or domain for all of its subscriptions. */
  account: z.string().min(1).toLowerCase(),
  event: z.enum([...lifecycleEvents, 'created', 'updated', 'deleted']),
});

/** Send notifications to whoever subscribed; answers how each was taken. */
async function notify(store: Store, given: unknown): Promise<Response> {
  const { account, event } = notificationRequest.parse(given);
  const person = account.includes('@');
  const directory = store.directory(account.slice(account.indexOf('@') + 1));
  if (!directory) return Response.json({ error: 'no such account' }, { status: 404 });
  const { tid } = directory;
  const subscriptions = subscriptionsOf(store, tid, person ? guidFor(account) : null);
  const lifecycle = lifecycleEvents.find((one) => one === event);
  return Response.json(
    lifecycle
      ? await sendLifecycle(store, tid, subscriptions, lifecycle)
      : await sendChange(tid, subscriptions, event),
  );
}

/** What happened to an account's mail, as the provider has it: the truth about effects. */
function mail(store: Store, account: string) {
  const oid = guidFor(account);
  const folders = new Map(
    store.all('folders', oid).map(({ id, displayName }) => [id, displayName]),
  );
  return store
    .all('messages', oid)
    .filter(({ deleted }) => !deleted)
    .sort((a, b) => b.receivedAt - a.receivedAt)
    .map((message) => ({
      id: message.id,
      folder: folders.get(message.folderId) ?? null,
      categories: message.categories,
      from: message.from.address,
      to: message.to.map(({ address }) => address).join(', '),
      subject: message.subject,
      messageId: message.internetMessageId,
      receivedAt: new Date(message.receivedAt).toISOString(),
    }));
}

/** Everything that was posted in a directory's channels. */
function posts(store: Store, account: string) {
  const tid = store.directory(account)?.tid ?? '';
  return store.all('teams', tid).flatMap((team) =>
    store.all('channels', team.id).flatMap((channel) =>
      store.all('channelMessages', channel.id).map((message) => ({
        ...message,
        team: team.displayName,
        channel: channel.displayName,
      })),
    ),
  );
}

/**
 * What Microsoft alone has below `/__`:
 *
 * - `POST /__users` `{account, displayName?, deleted?}` changes, adds or removes somebody
 * - `POST /__notifications` `{account, event}` tells subscribers of a change or a lifecycle event
 * - `GET /__mail?account=` messages, newest first; `GET /__events?account=` events
 * - `GET /__posts?account=` what was posted in the channels of a directory (its id or domain)
 */
export async function control(store: Store, request: Request): Promise<Response | null> {
  const { pathname, searchParams } = new URL(request.url);
  const account = (searchParams.get('account') ?? '').toLowerCase();
  switch (`${request.method} ${pathname}`) {
    case 'POST /__users':
      return changeUser(store, await request.json());
    case 'POST /__notifications':
      return notify(store, await request.json());
    case 'GET /__mail':
      return Response.json(mail(store, account));
    case 'GET /__events':
      return Response.json(store.all('events', guidFor(account)));
    case 'GET /__posts':
      return Response.json(posts(store, account));
    default:
      return null;
  }
}
