import { poolOf } from './connections';
import { tenantGoesOn } from './held';
import type { ConnectionId, TenantId } from './ids';
import { acrossTenantsMark } from './observe';
import type { ProviderKey } from './schema';

/** A connection that something is to be done for, whoever's it is. */
export interface DueConnection {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
}

/** A connection whose token is due, and which one that is: a later one needs no renewal. */
export interface DueToken extends DueConnection {
  readonly tokenVersion: number;
}

/** When a token is renewed although nobody waits for it. All in seconds. */
export interface RefreshWindow {
  /** Ahead of its end, at most; each connection has a moment of its own in the later half. */
  readonly ahead: number;
  /** Only what was used so lately is kept fresh all the time. */
  readonly usedWithin: number;
  /** What rests is renewed so often, so that the provider does not take it for forgotten. */
  readonly rest: number;
  /** Of one tenant at a time, so that a large one does not keep others waiting. */
  readonly perTenant: number;
}

const looked = acrossTenantsMark('connections are kept alive, whoever’s they are');

/**
 * Connections whose token is to be renewed now, the most urgent first: those that were used lately and
 * whose token ends soon, those of a provider whose tokens die unused, and those that have rested long.
 * Reads ids, times and states as `tenantry_engine`.
 * @param restless providers whose tokens are renewed ahead of their end though nobody used them
 */
export async function connectionsToRefresh(
  window: RefreshWindow,
  restless: readonly ProviderKey[],
  limit: number,
): Promise<readonly DueToken[]> {
  const { rows } = await poolOf('engine').query<DueToken>({
    name: 'connections-to-refresh',
    text: `${looked}
      with ending as (
        select k.tenant_id, k.connection_id, k.token_version, k.access_expires_at as due
          from credentials k join connections c
            on c.tenant_id = k.tenant_id and c.id = k.connection_id
         where k.access_expires_at < now() + make_interval(secs => $1)
           -- What ended longer ago was not used since: the index skips it.
           and k.access_expires_at > now() - make_interval(secs => $2)
           and k.access_expires_at - make_interval(secs => $1 *
                 (0.5 + abs(hashtext(k.connection_id::text)::float8) / 4294967296)) <= now()
           and (k.refresh_retry_at is null or k.refresh_retry_at <= now())
           and c.state in ('active', 'degraded') and ${tenantGoesOn('c.tenant_id')}
           and (c.last_used_at > now() - make_interval(secs => $2) or c.provider = any($5))
      ), resting as (
        select k.tenant_id, k.connection_id, k.token_version,
               k.updated_at + make_interval(secs => $3) as due
          from credentials k join connections c
            on c.tenant_id = k.tenant_id and c.id = k.connection_id
         where k.updated_at < now() - make_interval(secs => $3)
           and (k.refresh_retry_at is null or k.refresh_retry_at <= now())
           and c.state in ('active', 'degraded') and ${tenantGoesOn('c.tenant_id')}
         order by k.updated_at limit $6
      ), due as (
        select tenant_id, connection_id, token_version, min(due) as due
          from (select * from ending union all select * from resting) as candidates
         group by tenant_id, connection_id, token_version
      ), placed as (
        select *, row_number() over (partition by tenant_id order by due) as place from due
      )
      select tenant_id as "tenantId", connection_id as "connectionId",
             token_version as "tokenVersion" from placed
       where place <= $4 order by due limit $6`,
    values: [window.ahead, window.usedWithin, window.rest, window.perTenant, restless, limit],
  });
  return rows;
}

/** Connections that have been unsteady for so many seconds, longest first. */
export async function unsteadyConnections(
  seconds: number,
  limit: number,
): Promise<readonly DueConnection[]> {
  const { rows } = await poolOf('engine').query<DueConnection>({
    name: 'unsteady-connections',
    text: `${looked}
      select tenant_id as "tenantId", id as "connectionId" from connections
       where state = 'degraded' and state_changed_at < now() - make_interval(secs => $1)
         and ${tenantGoesOn('connections.tenant_id')}
       order by state_changed_at limit $2`,
    values: [seconds, limit],
  });
  return rows;
}

/**
 * A connection of this provider by which can be tried whether it takes our own client again. Another
 * one each time, of any organisation as likely as of any other: one whose own connection is broken
 * must not keep everybody waiting, however much it is used and however many it has.
 */
export async function connectionToProbe(provider: ProviderKey): Promise<DueConnection | null> {
  const { rows } = await poolOf('engine').query<DueConnection>({
    name: 'connection-to-probe',
    text: `${looked}
      with one_of_each as (
        select distinct on (c.tenant_id) c.tenant_id, c.id
          from connections c join credentials k
            on k.tenant_id = c.tenant_id and k.connection_id = c.id
         where c.provider = $1 and c.state in ('active', 'degraded')
           and ${tenantGoesOn('c.tenant_id')}
         order by c.tenant_id, random()
      )
      select tenant_id as "tenantId", id as "connectionId" from one_of_each
       order by random() limit 1`,
    values: [provider],
  });
  return rows[0] ?? null;
}
