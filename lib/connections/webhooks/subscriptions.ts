import { and, type ConnectionId, eq, webhooks, withTenant } from '@/db';
import { webhookSubscriptions } from '@/db/schema';
import { env } from '@/lib/env';
import { PublicError } from '@/lib/errors';
import { stopIfLost } from '@/lib/jobs';
import { RetryLater } from '@/lib/limits';
import { logger } from '@/lib/observability';
import {
  type NoticeSubscription,
  type NoticeSubscriptions,
  type ProviderClient,
  ProviderError,
} from '@/lib/providers';
import type { ActingContext } from '@/lib/tenancy';
import { openClient, providerClient } from '../client';
import { ConnectionUnusable } from '../errors';
import { upkeepContext } from '../upkeep/context';
import { newNoticeSecret, noticeSecretHash } from './secret';

/** Connections looked after at a time. */
const batch = 50;
/** Seconds until a connection that could not be subscribed is tried again. */
const retryAfter = 3_600;

/** Milliseconds that ending a subscription may take: somebody who disconnects waits for it. */
const patienceMs = 5_000;

const own = ({ tenantId }: ActingContext, connectionId: ConnectionId) =>
  and(
    eq(webhookSubscriptions.tenantId, tenantId),
    eq(webhookSubscriptions.connectionId, connectionId),
  );

type Kept = typeof webhookSubscriptions.$inferSelect;
type Values = Pick<Kept, 'subscriptionId' | 'secretHash' | 'expiresAt' | 'renewAt'>;

async function keptSubscription(
  context: ActingContext,
  connectionId: ConnectionId,
): Promise<Kept | undefined> {
  const [kept] = await withTenant(context, (tx) =>
    tx.select().from(webhookSubscriptions).where(own(context, connectionId)),
  );
  return kept;
}

function keep(context: ActingContext, connectionId: ConnectionId, values: Values) {
  const { tenantId } = context;
  return withTenant(context, (tx) =>
    tx
      .insert(webhookSubscriptions)
      .values({ tenantId, connectionId, ...values })
      .onConflictDoUpdate({
        target: [webhookSubscriptions.tenantId, webhookSubscriptions.connectionId],
        set: values,
      }),
  );
}

/** At half of its life: https://learn.microsoft.com/graph/change-notifications-overview */
function lasting({ id, expiresAt }: NoticeSubscription) {
  const now = Date.now();
  const renewAt = new Date(now + (expiresAt.getTime() - now) / 2);
  return { subscriptionId: id, expiresAt, renewAt };
}

/** The same one for longer, or null when the provider has dropped it. */
async function renewed(
  subscriptions: NoticeSubscriptions,
  { subscriptionId, secretHash }: Kept,
): Promise<Values | null> {
  if (subscriptionId === '') return null;
  try {
    return { ...lasting(await subscriptions.renew(subscriptionId)), secretHash };
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'not_found') return null;
    throw error;
  }
}

async function created(subscriptions: NoticeSubscriptions): Promise<Values> {
  const secret = newNoticeSecret();
  const address = new URL('/api/webhooks/microsoft', env.APP_URL).href;
  const made = await subscriptions.create({ address, secret });
  return { ...lasting(made), secretHash: noticeSecretHash(secret) };
}

/** Nothing to subscribe to, or not now: asked again later. */
const later = (): Values => {
  const renewAt = new Date(Date.now() + retryAfter * 1_000);
  return { subscriptionId: '', secretHash: '', expiresAt: renewAt, renewAt };
};

/**
 * Have a provider tell us what happens to a connection: renew what there is, or make it.
 * @throws ProviderError, RetryLater, ConnectionUnusable; PublicError `unavailable`
 */
export async function subscribe(context: ActingContext, connectionId: ConnectionId): Promise<void> {
  const { subscriptions }: ProviderClient = await providerClient(context, connectionId);
  const kept = await keptSubscription(context, connectionId);
  const values = subscriptions
    ? ((kept && (await renewed(subscriptions, kept))) ?? (await created(subscriptions)))
    : later();
  await keep(context, connectionId, values);
}

const expected = (error: unknown) =>
  error instanceof ProviderError ||
  error instanceof RetryLater ||
  error instanceof ConnectionUnusable ||
  error instanceof PublicError;

/**
 * End a connection's subscription, as far as the provider lets us: it ends by itself within days.
 * Called before the grant is taken back, which would leave nobody to end it.
 */
export async function unsubscribe(
  context: ActingContext,
  connectionId: ConnectionId,
): Promise<void> {
  const kept = await keptSubscription(context, connectionId);
  if (!kept) return;
  if (kept.subscriptionId !== '') {
    try {
      const until = Date.now() + patienceMs;
      const { subscriptions } = await openClient(context, connectionId, {}, () => until);
      await subscriptions?.remove(kept.subscriptionId);
    } catch (error) {
      if (!expected(error)) throw error;
      logger.info({ err: error, connection_id: connectionId }, 'a subscription ends by itself');
    }
  }
  await withTenant(context, (tx) =>
    tx.delete(webhookSubscriptions).where(own(context, connectionId)),
  );
}

/**
 * Make the subscriptions that are missing, and renew those that are due. What fails is put off.
 * @returns how many were made or renewed
 */
export async function keepSubscriptions(): Promise<number> {
  let done = 0;
  for (const due of await webhooks.connectionsToSubscribe('microsoft', batch)) {
    const { tenantId, connectionId } = due;
    const context = upkeepContext(tenantId);
    try {
      await subscribe(context, connectionId);
      done += 1;
    } catch (error) {
      // That this process lost its session is no reason to put a connection off.
      stopIfLost();
      const ids = { tenant_id: tenantId, connection_id: connectionId };
      logger.warn({ err: error, ...ids }, 'a connection could not be subscribed');
      const kept = await keptSubscription(context, connectionId);
      await keep(context, connectionId, kept ? { ...kept, renewAt: later().renewAt } : later());
    }
  }
  return done;
}
