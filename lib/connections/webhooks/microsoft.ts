import { createHash } from 'node:crypto';
import { z } from 'zod';
import { webhooks } from '@/db';
import type { NoticeKind } from '@/db/schema';
import { putOnRecord } from '@/lib/denials';
import { PublicError } from '@/lib/errors';
import { logger } from '@/lib/observability';
import { takeNotice } from './notice';
import { type Delivery, parsedJson, readRaw, refusal } from './request';
import { isNoticeSecret } from './secret';

const item = z.object({
  subscriptionId: z.string().min(1).max(200),
  clientState: z.string().max(255).nullish(),
  lifecycleEvent: z.string().max(100).nullish(),
});
const payload = z.object({ value: z.array(item).min(1).max(1_000) });
type Item = z.output<typeof item>;

/** https://learn.microsoft.com/graph/change-notifications-lifecycle-events */
const kinds: Readonly<Record<string, NoticeKind>> = {
  reauthorizationRequired: 'authority_questioned',
  subscriptionRemoved: 'subscription_removed',
  missed: 'subscription_missed',
};

/** Seconds in which the same notice, word for word, is a repetition. */
const repeatedFor = 300;

/** Graph asks whether an address is ours by a token that it wants back, as plain text. */
function handshake(token: string): Response {
  if (token.length > 2_048) throw new PublicError('malformed', 'This is no token of Graph’s.');
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  return new Response(token, { status: 200, headers });
}

type Holder = Awaited<ReturnType<typeof webhooks.subscriptionsNamed>>[number];

/** Whose a notice is: by our own record of the subscription and by the secret that we gave Graph. */
async function holderOf({ subscriptionId, clientState }: Item) {
  const named = await webhooks.subscriptionsNamed(subscriptionId);
  const owner = named.find(({ secretHash }) => isNoticeSecret(clientState ?? '', secretHash));
  return { named, owner };
}

/** Somebody names a subscription of theirs and does not know its secret: on their record. */
async function recordForgery(named: readonly Holder[], { facts }: Delivery): Promise<void> {
  for (const { tenantId, connectionId } of named) {
    await putOnRecord({
      tenantId,
      actor: null,
      reason: 'forged_notice',
      method: facts.method,
      path: facts.path,
      requestId: facts.requestId,
      ipAddress: facts.ipAddress,
      userAgent: facts.userAgent,
      details: { connectionId, provider: 'microsoft' },
    });
  }
}

async function followNotice(notice: Item, owner: Holder, requestId: string): Promise<void> {
  const { lifecycleEvent } = notice;
  const kind = lifecycleEvent ? kinds[lifecycleEvent] : undefined;
  // A change of what we subscribed to: the next discovery finds it.
  if (!lifecycleEvent || !kind) return;
  const words = createHash('sha256').update(JSON.stringify(notice)).digest('base64url');
  const event = `microsoft/notice/${words}`;
  if ((await webhooks.claimDelivery({ event, lifetime: repeatedFor })) !== 'new') return;
  logger.info({ event: lifecycleEvent }, 'Microsoft Graph told us of a subscription');
  await takeNotice({ provider: 'microsoft', kind, event: lifecycleEvent }, [owner], requestId);
  await webhooks.closeDelivery(event);
}

/**
 * Take in what Microsoft Graph sends about our subscriptions, and answer when it asks whether the
 * address is ours. A job does what follows.
 * @throws PublicError `not_found` when nothing in it is about a subscription of ours with its secret;
 *   `malformed`, `too_large`, `rate_limited`
 */
export async function receiveGraphNotice(delivery: Delivery): Promise<Response> {
  const token = new URL(delivery.request.url).searchParams.get('validationToken');
  if (token !== null) return handshake(token);
  const body = await readRaw(delivery);
  const parsed = payload.safeParse(parsedJson(body));
  if (!parsed.success) throw new PublicError('malformed', 'This is no notice of Graph’s.');
  let ours = 0;
  for (const notice of parsed.data.value) {
    const { named, owner } = await holderOf(notice);
    if (owner) {
      ours += 1;
      await followNotice(notice, owner, delivery.facts.requestId);
    } else {
      await recordForgery(named, delivery);
    }
  }
  if (ours > 0) return new Response(null, { status: 202 });
  throw await refusal('microsoft', delivery, 'unknown_subscription', [
    'not_found',
    'There is no such subscription.',
  ]);
}
