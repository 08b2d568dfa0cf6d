import { badRequest, denied, graphError, noUser, unauthenticated } from '../errors';
import { type App, guarded } from '../login';
import { guidFor } from '../seed/directories';
import type { AccessToken, Store, User } from '../state';
import { issuedToken } from '../tokens';
import { selected } from './odata';

type Method = 'get' | 'post' | 'patch' | 'delete';

/** Any one of these permissions opens a method; null where that kind of token never does. */
export interface Access {
  readonly family: keyof typeof denied;
  readonly delegated: readonly string[] | null;
  readonly application: readonly string[] | null;
}

/** One authorised call of Graph. */
export interface GraphCall {
  readonly store: Store;
  readonly baseUrl: string;
  readonly tid: string;
  readonly token: AccessToken;
  /** The person who asks; null when the app asks in its own name. */
  readonly me: User | null;
  readonly url: URL;
  readonly query: URLSearchParams;
  readonly params: Readonly<Record<string, string>>;
  /** The JSON body; `{}` without one. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly request: Request;
}

/** A call about somebody's mailbox, calendars or drive. */
export interface PersonCall extends GraphCall {
  readonly owner: User;
}

/** Answer undefined for 204. */
type Handler<Call> = (call: Call) => unknown;

export function bearer(request: Request): string | null {
  return /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;
}

function authenticate(store: Store, request: Request): AccessToken {
  const given = bearer(request);
  if (given === null) throw unauthenticated('Access token is empty.');
  const token = issuedToken(store, given);
  if (!token) throw unauthenticated('Access token validation failure. Invalid audience.');
  if (token.expiresAt <= Date.now()) {
    throw unauthenticated('Lifetime validation failed, the token is expired.');
  }
  return token;
}

function authorize(token: AccessToken, access: Access): void {
  const wanted = token.oid === null ? access.application : access.delegated;
  if (wanted?.some((permission) => token.permissions.includes(permission))) return;
  throw denied[access.family](wanted ?? [], token.permissions);
}

async function jsonBody(request: Request): Promise<Record<string, unknown>> {
  const text = await request.text();
  if (!text) return {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (parsed && typeof parsed === 'object' && !Array.isArray(parsed)) return { ...parsed };
  } catch {
    // Refused below.
  }
  throw badRequest('Unable to read JSON request payload.');
}

function answerOf(result: unknown, query: URLSearchParams): Response {
  if (result === undefined) return new Response(null, { status: 204 });
  if (result instanceof Response) return result;
  return Response.json(selected(result, query));
}

/** Registers methods of Graph, each with the permissions that its documentation page names. */
export function graphRoutes(app: App, store: Store, baseUrl: string) {
  function route(method: Method, path: string, access: Access, handler: Handler<GraphCall>): void {
    app[method](`/v1.0${path}`, ({ req }) =>
      guarded(store, async () => {
        const request = req.raw;
        const token = authenticate(store, request);
        authorize(token, access);
        const me = token.oid === null ? null : (store.person(token.tid, token.oid) ?? null);
        if (token.oid !== null && me === null) throw unauthenticated('The user is gone.');
        const url = new URL(request.url);
        const body = await jsonBody(request.clone());
        const result = await handler({
          ...{ store, baseUrl, token, me, url, body, request },
          tid: token.tid,
          query: url.searchParams,
          params: req.param(),
        });
        return answerOf(result, url.searchParams);
      }),
    );
  }

  /** The same below `/me` and below `/users/{id or address}`. */
  function personal(
    method: Method,
    path: string,
    access: Access,
    handler: Handler<PersonCall>,
  ): void {
    route(method, `/me${path}`, access, (call) => handler({ ...call, owner: requireMe(call) }));
    route(method, `/users/:user${path}`, access, (call) =>
      handler({ ...call, owner: requireOwner(call, access) }),
    );
  }
  return { route, personal };
}

export function requireMe({ me }: GraphCall): User {
  if (me) return me;
  throw badRequest('/me request is only valid with delegated authentication flow.');
}

/** By object id or address, of which ids here are made. */
export function findPerson({ store, tid }: GraphCall, name: string): User {
  const wanted = name.toLowerCase();
  const found = store.person(tid, wanted) ?? store.person(tid, guidFor(wanted));
  if (!found) throw noUser(name);
  return found;
}

/** Somebody's things, for that person or for the app: nobody else is let in. */
function requireOwner(call: GraphCall, access: Access): User {
  const owner = findPerson(call, call.params.user ?? '');
  if (call.me && call.me.oid !== owner.oid) throw denied[access.family]([], []);
  return owner;
}

/** @throws Refused as Outlook does for somebody without a licence */
export function requireMailbox(owner: User): void {
  if (owner.licensed) return;
  throw graphError(
    404,
    'MailboxNotEnabledForRESTAPI',
    'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
  );
}
