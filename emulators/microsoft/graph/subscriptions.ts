import { randomUUID } from 'node:crypto';
import { badRequest, denied, graphError } from '../errors';
import type { App } from '../login';
import { shakeHands } from '../notifications';
import type { Store, Subscription } from '../state';
import { type Access, findPerson, type GraphCall, graphRoutes } from './api';

/** Anybody may ask; what the resource takes is looked at with it. */
interface Subscribable {
  readonly pattern: RegExp;
  readonly needs: readonly string[];
  /** Minutes. Source: https://learn.microsoft.com/graph/change-notifications-overview#subscription-lifetime */
  readonly longest: number;
}

const subscribable: readonly Subscribable[] = [
  {
    pattern: /^users\/[^/]+\/(?:mailFolders(?:\/|\().+)?\/?messages$/,
    needs: ['Mail.ReadBasic', 'Mail.Read', 'Mail.ReadWrite', 'Mail.ReadBasic.All'],
    longest: 4_230,
  },
  {
    pattern: /^users\/[^/]+\/events$/,
    needs: ['Calendars.Read', 'Calendars.ReadWrite'],
    longest: 4_230,
  },
  {
    pattern: /^(?:users\/[^/]+\/drive|drives\/[^/]+)\/root$/,
    needs: [
      'Files.Read',
      'Files.ReadWrite',
      'Files.Read.All',
      'Files.ReadWrite.All',
      'Sites.Read.All',
    ],
    longest: 42_300,
  },
  { pattern: /^users$/, needs: ['User.Read.All', 'Directory.Read.All'], longest: 41_760 },
];

const notFound = () => graphError(404, 'ResourceNotFound', 'The object was not found.');
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);

/** `me` is whoever asks; Graph keeps the person's id. */
function resourceOf(call: GraphCall): string {
  const given = (text(call.body.resource) ?? '').replace(/^\/+/, '');
  if (/^me\//.test(given)) {
    if (!call.me) throw badRequest('/me request is only valid with delegated authentication flow.');
    return given.replace(/^me\//, `users/${call.me.oid}/`);
  }
  const name = /^users\/([^/]+)\//.exec(given)?.[1];
  if (name === undefined) return given;
  const owner = findPerson(call, decodeURIComponent(name));
  if (call.me && call.me.oid !== owner.oid) throw denied.outlook();
  return given.replace(/^users\/[^/]+\//, `users/${owner.oid}/`);
}

function kindOf(call: GraphCall, resource: string): Subscribable {
  const found = subscribable.find(({ pattern }) => pattern.test(resource));
  if (!found) throw badRequest(`Resource '${resource}' cannot be subscribed to.`, 'InvalidRequest');
  if (!found.needs.some((permission) => call.token.permissions.includes(permission))) {
    throw denied.outlook();
  }
  return found;
}

function expiry(call: GraphCall, { longest }: Subscribable): number {
  const at = Date.parse(text(call.body.expirationDateTime) ?? '');
  if (Number.isNaN(at) || at <= Date.now()) {
    throw badRequest('Subscription expiration must be in the future.', 'InvalidRequest');
  }
  if (at > Date.now() + longest * 60_000) {
    throw badRequest(
      `Subscription expiration can only be ${longest} minutes in the future.`,
      'InvalidRequest',
    );
  }
  return at;
}

/** Only https reaches Graph; a page of this machine is let through for the demo. */
function address(call: GraphCall, name: string): string | null {
  const given = text(call.body[name]);
  if (given === null) return null;
  const url = URL.canParse(given) ? new URL(given) : null;
  const local = url && /^(?:.+\.)?localhost$|^127\.0\.0\.1$/.test(url.hostname);
  if (!url || !(local || url.protocol === 'https:')) {
    throw badRequest(`The ${name} '${given}' must be an https address.`, 'InvalidRequest');
  }
  return given;
}

function resourceAnswer(one: Subscription) {
  return {
    id: one.id,
    resource: one.resource,
    changeType: one.changeType,
    applicationId: one.clientId,
    notificationUrl: one.notificationUrl,
    lifecycleNotificationUrl: one.lifecycleNotificationUrl,
    clientState: null,
    expirationDateTime: new Date(one.expiresAt).toISOString(),
  };
}

async function create(call: GraphCall): Promise<Response> {
  const { store, tid, token, body } = call;
  const resource = resourceOf(call);
  const kind = kindOf(call, resource);
  const notificationUrl = address(call, 'notificationUrl');
  const lifecycleNotificationUrl = address(call, 'lifecycleNotificationUrl');
  const changeType = text(body.changeType);
  const clientState = text(body.clientState);
  if (notificationUrl === null || changeType === null) {
    throw badRequest('notificationUrl and changeType are required.', 'InvalidRequest');
  }
  if ((clientState?.length ?? 0) > 128) {
    throw badRequest('clientState is longer than 128 characters.', 'InvalidRequest');
  }
  const expiresAt = expiry(call, kind);
  const addresses = new Set([notificationUrl, lifecycleNotificationUrl ?? notificationUrl]);
  for (const one of addresses) {
    const fault = await shakeHands(one);
    if (fault)
      throw badRequest(`Subscription validation request failed. ${fault}`, 'ValidationError');
  }
  const made: Subscription = {
    ...{ id: randomUUID(), clientId: token.clientId, oid: token.oid, resource, changeType },
    ...{ notificationUrl, lifecycleNotificationUrl, clientState, expiresAt },
  };
  store.put('subscriptions', tid, made.id, made);
  return Response.json(resourceAnswer(made), { status: 201 });
}

/** One of one's own that still runs. */
function find({ store, tid, token, params }: GraphCall): Subscription {
  const found = store.get('subscriptions', tid, params.subscription ?? '');
  const own = found?.clientId === token.clientId && found.oid === token.oid;
  if (!found || !own || found.expiresAt < Date.now()) throw notFound();
  return found;
}

function renew(call: GraphCall) {
  const found = find(call);
  const renewed = { ...found, expiresAt: expiry(call, kindOf(call, found.resource)) };
  call.store.put('subscriptions', call.tid, found.id, renewed);
  return resourceAnswer(renewed);
}

/** Source: https://learn.microsoft.com/graph/api/resources/subscription */
export function subscriptionRoutes(app: App, store: Store, baseUrl: string): void {
  const { route } = graphRoutes(app, store, baseUrl);
  const permissions = [...new Set(subscribable.flatMap(({ needs }) => needs))];
  const access: Access = { family: 'outlook', delegated: permissions, application: permissions };
  const path = '/subscriptions/:subscription';
  route('post', '/subscriptions', access, create);
  route('get', '/subscriptions', access, (call) => ({
    value: call.store
      .all('subscriptions', call.tid)
      .filter(
        ({ clientId, oid, expiresAt }) =>
          clientId === call.token.clientId && oid === call.token.oid && expiresAt > Date.now(),
      )
      .map(resourceAnswer),
  }));
  route('get', path, access, (call) => resourceAnswer(find(call)));
  route('patch', path, access, renew);
  route('post', `${path}/reauthorize`, access, (call) => {
    kindOf(call, find(call).resource);
    return undefined;
  });
  route('delete', path, access, (call) => {
    call.store.delete('subscriptions', call.tid, find(call).id);
    return undefined;
  });
}
