import { randomUUID } from 'node:crypto';
import type { Store, Subscription } from './state';

/** Milliseconds in which a listener has to answer. Source: https://learn.microsoft.com/graph/change-notifications-delivery-webhooks */
const patience = 10_000;

export const lifecycleEvents = [
  'reauthorizationRequired',
  'subscriptionRemoved',
  'missed',
] as const;
export type LifecycleEvent = (typeof lifecycleEvents)[number];

async function post(url: string, body?: unknown): Promise<Response | Error> {
  try {
    return await fetch(url, {
      method: 'POST',
      signal: AbortSignal.timeout(patience),
      redirect: 'manual',
      headers: {
        'content-type': body === undefined ? 'text/plain; charset=utf-8' : 'application/json',
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Whether a listener gives the token back, as plain text. @returns what is wrong, or null */
export async function shakeHands(url: string): Promise<string | null> {
  const token = `Validation: Testing client application reachability for subscription Request-Id: ${randomUUID()}`;
  const asked = new URL(url);
  asked.searchParams.set('validationToken', token);
  const answer = await post(asked.href);
  if (answer instanceof Error) return `Notification endpoint cannot be reached: ${answer.message}`;
  const type = answer.headers.get('content-type') ?? '';
  const same = (await answer.text()) === token;
  if (answer.status === 200 && type.startsWith('text/plain') && same) return null;
  return `Notification endpoint must respond with 200 OK to validation request (${answer.status}).`;
}

/** The status that a listener answered with; 0 when it could not be reached. */
export interface Delivery {
  readonly subscriptionId: string;
  readonly url: string;
  readonly status: number;
}

async function deliver(one: Subscription, url: string, value: object): Promise<Delivery> {
  const answer = await post(url, { value: [value] });
  const status = answer instanceof Error ? 0 : answer.status;
  return { subscriptionId: one.id, url, status };
}

const common = (one: Subscription, tid: string) => ({
  subscriptionId: one.id,
  subscriptionExpirationDateTime: new Date(one.expiresAt).toISOString(),
  clientState: one.clientState,
  tenantId: tid,
  resource: one.resource,
});

/** The subscriptions of a person, or with null of everybody in a directory. */
export function subscriptionsOf(store: Store, tid: string, oid: string | null): Subscription[] {
  return store
    .all('subscriptions', tid)
    .filter(({ oid: of, expiresAt }) => (oid === null || of === oid) && expiresAt > Date.now());
}

/**
 * Tell listeners what becomes of their subscriptions; a removed one is gone.
 * Source: https://learn.microsoft.com/graph/change-notifications-lifecycle-events
 */
export async function sendLifecycle(
  store: Store,
  tid: string,
  subscriptions: readonly Subscription[],
  lifecycleEvent: LifecycleEvent,
): Promise<Delivery[]> {
  const deliveries = subscriptions.flatMap((one) => {
    const url = one.lifecycleNotificationUrl;
    if (lifecycleEvent === 'subscriptionRemoved') store.delete('subscriptions', tid, one.id);
    return url === null ? [] : [deliver(one, url, { ...common(one, tid), lifecycleEvent })];
  });
  store.commit();
  return Promise.all(deliveries);
}

/** Tell listeners that something of theirs changed. */
export function sendChange(
  tid: string,
  subscriptions: readonly Subscription[],
  changeType: string,
): Promise<Delivery[]> {
  return Promise.all(
    subscriptions.map((one) => {
      const id = randomUUID();
      const resourceData = { '@odata.type': '#Microsoft.Graph.Message', id };
      const resource = `${one.resource}/${id}`;
      const value = { ...common(one, tid), id, changeType, resource, resourceData };
      return deliver(one, one.notificationUrl, value);
    }),
  );
}
