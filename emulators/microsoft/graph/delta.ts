import { graphError } from '../errors';
import type { Store } from '../state';
import type { GraphCall } from './api';
import { decodeToken, linkWith, ordered } from './odata';

/** Milliseconds. Source: https://learn.microsoft.com/graph/delta-query-overview#token-duration */
const tokenLifetime = 7 * 86_400_000;

interface Row {
  readonly id: string;
  readonly seq: number;
  readonly deleted?: boolean;
}

/** Where a round of changes is: which it began after, where it ends, and the row given out last. */
interface Round {
  /** Changes up to this one are known; null lists everything there is. */
  readonly since: number | null;
  readonly until: number;
  /** Place of that row; empty before the first. */
  readonly after: string;
  readonly issuedAt: number;
  /** The age of the directory's delta links that it is of. */
  readonly age: number;
}

/** How a service says that a link is too old, and from where to begin again. */
export type Expired = (call: GraphCall) => Error;

/** Source: https://learn.microsoft.com/graph/delta-query-overview#synchronization-reset */
export const goneFor =
  (code: string, tokenName: '$deltatoken' | 'token'): Expired =>
  (call) => {
    const fresh = new URL(linkWith(call, tokenName, ''));
    fresh.searchParams.delete(tokenName);
    return graphError(
      410,
      code,
      'The sync state generation is not found. The delta token is expired and data must be synchronized again.',
      { location: fresh.href },
    );
  };

/** Where rows of a change stand; without an id after all of that change. */
const placeOf = (seq: number, id = '~') => `${String(Math.max(seq, 0)).padStart(12, '0')} ${id}`;
const place = ({ seq, id }: Row) => placeOf(seq, id);

/** The age that a directory's delta links are of now. */
export const deltaAge = (store: Store, tid: string): number =>
  store.get('directories', '', tid)?.deltaAge ?? 0;

function roundOf(call: GraphCall, expired: Expired): Round {
  const { query, store, tid } = call;
  const until = store.seq();
  const age = deltaAge(store, tid);
  const given = query.get('$deltatoken') ?? query.get('token');
  if (given === 'latest')
    return { since: until, until, after: placeOf(until), issuedAt: Date.now(), age };
  const token = query.get('$skiptoken') ?? given;
  if (!token) return { since: null, until, after: '', issuedAt: Date.now(), age };
  const round = decodeToken<Round>(token);
  if (!(round.age === age && round.issuedAt + tokenLifetime > Date.now())) {
    throw expired(call);
  }
  return query.has('$skiptoken') ? round : { ...round, until, after: placeOf(round.since ?? -1) };
}

/**
 * One page of a delta query. A first round gives what there is, later ones what changed since,
 * removals among it.
 * @param size rows a page @param resource a row that is there @param removed one that is not
 */
export function delta<R extends Row>(
  call: GraphCall,
  rows: readonly R[],
  size: number,
  resource: (row: R) => unknown,
  removed: (row: R) => unknown,
  {
    expired = goneFor('syncStateNotFound', '$deltatoken'),
    deltaToken = '$deltatoken',
  }: { expired?: Expired; deltaToken?: '$deltatoken' | 'token' } = {},
): Record<string, unknown> {
  const round = roundOf(call, expired);
  const { since, until, after, issuedAt, age } = round;
  const due = rows.filter(
    (row) => row.seq <= until && place(row) > after && !(since === null && row.deleted),
  );
  const inOrder = ordered(due, place);
  const given = inOrder.slice(0, size);
  const value = given.map((row) => (row.deleted ? removed(row) : resource(row)));
  const context = { '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#delta' };
  const last = given.at(-1);
  if (last && inOrder.length > size) {
    const next = { since, until, after: place(last), issuedAt, age };
    return { ...context, '@odata.nextLink': linkWith(call, '$skiptoken', next), value };
  }
  const done: Round = {
    ...{ since: until, until, after: placeOf(until) },
    ...{ issuedAt: Date.now(), age },
  };
  return { ...context, '@odata.deltaLink': linkWith(call, deltaToken, done), value };
}
