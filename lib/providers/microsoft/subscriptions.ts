import { z } from 'zod';
import type { NoticeSubscription, NoticeSubscriptions } from '../provider';
import type { Graph } from './graph';
import { holds } from './scopes';

const answer = z.object({
  id: z.string().min(1),
  expirationDateTime: z.iso.datetime({ offset: true }),
});

const nothing = z.unknown();

/**
 * Minutes that a subscription lasts: 4,230 at most for events, longer for the directory.
 * https://learn.microsoft.com/graph/change-notifications-overview#subscription-lifetime
 */
const lifetime = 4_200;

/**
 * What is subscribed to. What we are after are the notices about the subscription itself; of changes
 * the rarest is taken, and passed over.
 */
const watched = {
  delegated: { resource: 'me/events', takes: 'Calendars.Read' },
  application: { resource: 'users', takes: 'User.Read.All' },
} as const;

const expiry = () => new Date(Date.now() + lifetime * 60_000).toISOString();

const read = ({ id, expirationDateTime }: z.output<typeof answer>): NoticeSubscription => ({
  id,
  expiresAt: new Date(expirationDateTime),
});

/**
 * Where Graph tells us what happens to a connection
 * (https://learn.microsoft.com/graph/change-notifications-lifecycle-events).
 * @returns null where what was granted does not allow to subscribe to anything
 */
export function microsoftSubscriptions(
  graph: Graph,
  granted: readonly string[],
): NoticeSubscriptions | null {
  const { resource, takes: permission } = watched[graph.authority];
  if (!holds(granted, permission)) return null;
  const takes = [permission];
  return {
    async create({ address, secret }) {
      const body = {
        changeType: 'deleted',
        resource,
        notificationUrl: address,
        lifecycleNotificationUrl: address,
        clientState: secret,
        expirationDateTime: expiry(),
      };
      return read(await graph.send('/subscriptions', answer, { takes, body }));
    },

    async renew(id) {
      const path = `/subscriptions/${encodeURIComponent(id)}`;
      const body = { expirationDateTime: expiry() };
      return read(await graph.send(path, answer, { method: 'PATCH', takes, body }));
    },

    async remove(id) {
      const path = `/subscriptions/${encodeURIComponent(id)}`;
      await graph.send(path, nothing, { method: 'DELETE', takes });
    },
  };
}
