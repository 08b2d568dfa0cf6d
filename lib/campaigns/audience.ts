import { and, eq, inArray, not, type SQL, sql } from '@/db';
import { connections, reconsentRequests, tenants } from '@/db/schema';
import type { Audience, RequestState } from './contract';

/** A connection that somebody has to give authority again before it works. */
export const broken = ['needs_scopes', 'needs_reconsent', 'blocked_by_policy'] as const;
const working = ['active', 'degraded'] as const;
/** Never consented to, or ended by its tenant: nothing that anybody would bring back. */
const outside = ['pending', 'verifying', 'disconnected'] as const;

const arrayOf = (scopes: readonly string[]) =>
  sql`array[${sql.join(
    scopes.map((scope) => sql`${scope}`),
    sql`, `,
  )}]::text[]`;

/**
 * The connections that are asked: those that lack one of the permissions, or, when none is named,
 * those that stopped working. Of tenants that work with the product at present.
 */
export function isAsked({ provider, authority, scopes }: Audience): SQL | undefined {
  return and(
    eq(connections.provider, provider),
    eq(connections.authority, authority),
    eq(tenants.state, 'active'),
    scopes.length > 0
      ? and(
          not(inArray(connections.state, [...outside])),
          not(sql`${connections.scopes} @> ${arrayOf(scopes)}`),
        )
      : inArray(connections.state, [...broken]),
  );
}

/** Whether a connection has given what it was asked for. */
export const hasGiven = sql<boolean>`(${inArray(connections.state, [...working])}
  and ${connections.scopes} @> ${reconsentRequests.scopes})`;

/** How far a connection is, in one word; see `requestStates`. */
export const requestState = sql<RequestState>`case
  when ${hasGiven} then 'done'
  when ${reconsentRequests.stoppedAt} is not null then 'stopped'
  when ${reconsentRequests.deadline} < now() then 'overdue'
  else 'waiting' end`;
