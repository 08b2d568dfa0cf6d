import { type ListedEndpoint, listed } from '../endpoints';
import type { Answer } from './ask';
import type { Caller } from './caller';
import type { Cast } from './cast';
import { call, idIn } from './walk';
import type { World } from './world';

/** Pages and routes that are read: what browsers fetch, and may keep. */
export const readable = (audience?: ListedEndpoint['audience']): readonly ListedEndpoint[] =>
  listed().endpoints.filter(
    (one) =>
      (one.form === 'page' || (one.form === 'route' && one.export === 'GET')) &&
      (audience === undefined || one.audience === audience),
  );

/**
 * Ask for a page or route with the ids of one world. Headers that ask for a move or a prefetch lead
 * to an address of its own first, as the framework has it.
 */
export async function read(
  { outbox }: Pick<Cast, 'outbox'>,
  caller: Caller,
  endpoint: ListedEndpoint,
  world: World,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const filling = { world, id: (kind: string) => idIn(world, kind, outbox) };
  const answer = await call(caller, endpoint, filling, headers);
  const { location = '' } = answer.headers;
  const own = 'rsc' in headers && answer.status === 307 && /[?&]_rsc/.test(location);
  return own ? caller.ask(location, { headers }) : answer;
}

/** How a browser fetches a page: whole, as it moves from one to the next, and ahead of time. */
export const ways: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  document: {},
  move: { rsc: '1' },
  prefetch: { rsc: '1', 'next-router-prefetch': '1' },
};
