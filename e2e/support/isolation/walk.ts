import type { IdKind } from '@/lib/ids';
import { can } from '@/lib/tenancy/contract';
import { builtActions } from '../actions';
import { addressOf, type ListedEndpoint, nameOf } from '../endpoints';
import type { IdPlace } from '../endpoints/ids';
import { sample } from '../endpoints/sample';
import type { Answer } from './ask';
import { type Caller, type CallerName, outcomeOf, type Rank, ranks } from './caller';
import { kindsFrom } from './holders';
import { inputs } from './inputs';
import type { World } from './world';

/** What an answer comes to, whatever the form of the endpoint. */
export type Verdict = 'ok' | 'forbidden' | 'unauthenticated' | 'not_found' | string;

const byStatus: Readonly<Record<number, Verdict>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
};

export function verdictOf({ form }: ListedEndpoint, answer: Answer): Verdict {
  if (form === 'action') {
    // The framework's word for an action that no page has, as staff's are to everybody else.
    if (answer.status === 409) return 'not_found';
    const outcome = outcomeOf(answer);
    return outcome.startsWith('to /') ? 'ok' : outcome;
  }
  const { status, headers } = answer;
  const to = headers.location ?? '';
  if (form === 'page' && status === 307) {
    return /^\/sign-in(\?|$)/.test(to) ? 'unauthenticated' : `to ${to}`;
  }
  return status >= 200 && status < 300 ? 'ok' : (byStatus[status] ?? `status ${status}`);
}

/** What the declaration of an endpoint promises to somebody: the first thing that they are told. */
export function promised(endpoint: ListedEndpoint, name: CallerName): Verdict {
  const rank = ranks.find((each): each is Rank => each === name);
  if (endpoint.audience === 'public') return 'ok';
  if (endpoint.audience === 'tenant') {
    if (!rank) return 'unauthenticated';
    return can(rank, endpoint.permission) ? 'ok' : 'forbidden';
  }
  const mayLook = name === 'platform_admin' || (name === 'support' && endpoint.role === 'support');
  return mayLook ? 'ok' : 'not_found';
}

/** An id of a tenant's, of this kind. */
export function idIn(world: World, kind: string, outbox: string): string {
  if (kind === 'tenant') return world.tenant;
  if (kind === 'user') return world.person.id;
  if (kind === 'request') return world.requestId;
  if (kind === 'alert') return world.alert;
  if (kind === 'approval') return world.approval;
  if (kind === 'campaign') return world.campaign;
  if (kind === 'view') return world.view;
  if (kind === 'deletion') return world.deletion;
  if (kind === 'mail') return outbox;
  if (kind === 'fresh' || kind === 'look') return crypto.randomUUID();
  const id = world.rows.get(kindsFrom[kind as IdKind]);
  if (!id) throw new Error(`The world has no id of kind ${kind}: see holders.ts.`);
  return id;
}

export interface Filling {
  /** Whose things stand in the places that are not of interest. */
  readonly world: World;
  readonly id: (kind: string, part: string, path: readonly string[]) => string;
  /** Fill in this one although it is optional. */
  readonly place?: IdPlace | undefined;
  /** More for the body, after everything else. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

const filled = (address: string, params: Readonly<Record<string, unknown>>) =>
  address.replaceAll(/\[(?:\.\.\.)?([^\]]+)\]/g, (_all, name: string) =>
    encodeURIComponent(String(params[name] ?? 'session')),
  );

/** The input that an endpoint takes, with ids where it takes them. */
export function inputFor(endpoint: ListedEndpoint, { world, id, place, extra }: Filling) {
  const given = inputs[nameOf(endpoint)]?.(world) ?? {};
  const part = (name: 'params' | 'query' | 'body') => {
    const schema = endpoint[name];
    if (!schema) return undefined;
    return sample(schema, {
      id: (kind, path) => id(kind, name, path),
      ...(place?.part === name && { also: place.path }),
      given: { ...(name === 'query' ? {} : given[name]), ...(name === 'body' ? extra : {}) },
    });
  };
  const query = new URLSearchParams(
    Object.entries((part('query') ?? {}) as object).map(([key, value]) => [key, String(value)]),
  );
  const address = filled(addressOf(endpoint), (part('params') ?? {}) as Record<string, unknown>);
  return { path: query.size > 0 ? `${address}?${query}` : address, body: part('body') };
}

/** A page that has the action, of one's own things: it is drawn again when the action says so. */
function pageOf(name: string, { rows }: World): string | undefined {
  const page = builtActions().find((one) => one.name === name)?.page;
  return page?.replaceAll(
    /([^/]+)\/\[[^\]]+\]/g,
    (_all, table: string) => `${table}/${rows.get(table) ?? 'external-files'}`,
  );
}

/** Ask an endpoint as its own page or script does. */
export function call(
  caller: Caller,
  endpoint: ListedEndpoint,
  filling: Filling,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const { path, body } = inputFor(endpoint, filling);
  if (endpoint.form === 'action') {
    const name = nameOf(endpoint);
    return caller.actAt(pageOf(name, filling.world), name, [body ?? '$undefined'], headers);
  }
  const method = endpoint.form === 'route' ? endpoint.export : 'GET';
  if (body === undefined) return caller.ask(path, { method, headers });
  return caller.ask(path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

/** Do something with each, a few at a time: the order of the results is that of what was given. */
export async function each<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  atOnce = 6,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const hand = async () => {
    while (next < items.length) {
      const at = next;
      next += 1;
      results[at] = await work(items[at] as Item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, hand));
  return results;
}
