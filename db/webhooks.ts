import { poolOf } from './connections';
import { tenantGoesOn } from './held';
import type { ConnectionId, TenantId } from './ids';
import { acrossTenantsMark } from './observe';
import type { ProviderKey } from './schema';

/** A connection that a provider's notice is about, whoever's it is. */
export interface NotifiedConnection {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
}

const ours = acrossTenantsMark('only our own records say whose a notice of a provider’s is');

/** `new`, handled already (`again`), or word for word what somebody has sent before (`replayed`). */
export type DeliveryState = 'new' | 'again' | 'replayed';

/** What a delivery is known by. */
export interface DeliveryKeys {
  /** Of the event, however often the provider sends it. */
  readonly event: string;
  /** Of this very request, where the provider's own repetitions differ from one another. */
  readonly request?: string | undefined;
  /** Seconds after which the same would be refused for its age. */
  readonly lifetime: number;
}

/**
 * Note that something was delivered. What was begun and cut short counts as new: nobody has told the
 * provider that it arrived.
 */
export async function claimDelivery({
  event,
  request,
  lifetime,
}: DeliveryKeys): Promise<DeliveryState> {
  const { rows } = await poolOf('engine').query<{ state: DeliveryState }>({
    name: 'claim-delivery',
    text: `
      with request as (
        insert into webhook_deliveries (key, handled_at, expires_at)
        select $2::text, now(), now() + make_interval(secs => $3) where $2::text is not null
        on conflict (key) do nothing
        returning key
      ), event as (
        insert into webhook_deliveries (key, expires_at)
        select $1::text, now() + make_interval(secs => $3)
         where $2::text is null or exists (select from request)
        on conflict (key) do update set received_at = now()
        returning handled_at
      )
      select case when not exists (select from event) then 'replayed'
                  when (select handled_at from event) is null then 'new'
                  else 'again' end as state`,
    values: [event, request ?? null, lifetime],
  });
  return rows[0]?.state ?? 'replayed';
}

/** All that follows from an event has been asked for. */
export async function closeDelivery(event: string): Promise<void> {
  await poolOf('engine').query({
    name: 'close-delivery',
    text: 'update webhook_deliveries set handled_at = now() where key = $1',
    values: [event],
  });
}

/** Forget what would be refused for its age anyway; says how many there were. */
export async function purgeDeliveries(): Promise<number> {
  const { rowCount } = await poolOf('engine').query({
    name: 'purge-deliveries',
    text: 'delete from webhook_deliveries where expires_at < now()',
  });
  return rowCount ?? 0;
}

/** The connections with any of these organisations at a provider; several tenants may have one. */
export async function connectionsWith(
  provider: ProviderKey,
  organizations: readonly string[],
): Promise<readonly NotifiedConnection[]> {
  const { rows } = await poolOf('engine').query<NotifiedConnection>({
    name: 'connections-with',
    text: `${ours}
      select tenant_id as "tenantId", id as "connectionId" from connections
       where provider = $1 and provider_tenant = any($2)
         and state not in ('pending', 'disconnected')
       order by tenant_id, id`,
    values: [provider, organizations],
  });
  return rows;
}

/** A subscription, whosever it is, and the digest of the secret that its notices must bring. */
export interface NamedSubscription extends NotifiedConnection {
  readonly subscriptionId: string;
  readonly secretHash: string;
}

/** Whose these subscriptions are; those that nobody has are left out. */
export async function subscriptionsNamed(
  subscriptionIds: readonly string[],
): Promise<readonly NamedSubscription[]> {
  const { rows } = await poolOf('engine').query<NamedSubscription>({
    name: 'subscriptions-named',
    text: `${ours}
      select tenant_id as "tenantId", connection_id as "connectionId", secret_hash as "secretHash",
             subscription_id as "subscriptionId"
        from webhook_subscriptions where subscription_id = any($1)
       order by tenant_id, id`,
    values: [subscriptionIds],
  });
  return rows;
}

/** Connections of this provider that work and whose subscription is missing or due, a few at a time. */
export async function connectionsToSubscribe(
  provider: ProviderKey,
  limit: number,
): Promise<readonly NotifiedConnection[]> {
  const { rows } = await poolOf('engine').query<NotifiedConnection>({
    name: 'connections-to-subscribe',
    text: `${ours}
      (select c.tenant_id as "tenantId", c.id as "connectionId"
         from connections c left join lateral
              (select true as there from webhook_subscriptions s
                where s.tenant_id = c.tenant_id and s.connection_id = c.id limit 1) s on true
        where c.provider = $1 and c.state = 'active' and s.there is null
          and ${tenantGoesOn('c.tenant_id')} limit $2)
      union all
      (select s.tenant_id, s.connection_id
         from webhook_subscriptions s join connections c
           on c.tenant_id = s.tenant_id and c.id = s.connection_id
        where s.renew_at <= now() and c.provider = $1 and c.state = 'active'
          and ${tenantGoesOn('c.tenant_id')}
        order by s.renew_at limit $2)
      limit $2`,
    values: [provider, limit],
  });
  return rows;
}
